import { jobListing, pageOf, roundListing, startOf, trialListing } from "./paging.ts";
import {
  checkCommit,
  fileConflict,
  fileTakenAway,
  jobConflict,
  requestConflict,
  storeClosed,
  trialConflict,
} from "./refusals.ts";
import type { StoredFile } from "./stored-file.ts";
import type {
  JobCommit,
  JobKey,
  JobRecord,
  Page,
  Paged,
  RequestRecord,
  RoundRecord,
  Snapshot,
  Storage,
  TrialRecord,
} from "./storage.ts";

/** Of one piece of a file. */
const chunkBytes = 1 << 20;

interface StoredJob {
  record: JobRecord;
  readonly events: string[];
  readonly trials: Map<number, TrialRecord>;
  readonly rounds: Map<number, RoundRecord>;
  snapshot: Snapshot | null;
}

/** The rows that the storages of one memory database share. */
export class MemoryTables {
  readonly jobs = new Map<JobKey, StoredJob>();
  readonly requests = new Map<string, RequestRecord>();
  readonly files = new Map<string, { readonly kind: "file" | "checkpoint"; readonly bytes: Uint8Array }>();
}

/** Creates a store that nobody else opens, and that needs no leader for it. */
export function createMemoryStorage(): Storage {
  return new MemoryStorage(new MemoryTables(), () => undefined);
}

/**
 * The reference implementation of the port: the answers of a database, and nothing left of it after the process.
 * It favours plainness over speed: a listing sorts, and a lookup goes through all trials of its job.
 */
export class MemoryStorage implements Storage {
  readonly #tables: MemoryTables;
  readonly #checkTerm: () => void;
  #closed = false;

  /** @param checkTerm throws what a write is to be refused with */
  constructor(tables: MemoryTables, checkTerm: () => void) {
    this.#tables = tables;
    this.#checkTerm = checkTerm;
  }

  commit(jobs: readonly JobCommit[], request: RequestRecord | null): Promise<void> {
    return this.#answer(() => {
      this.#checkTerm();
      jobs.forEach(checkCommit);
      this.#refuseConflicts(jobs, request);
      for (const job of jobs) this.#apply(job);
      if (request !== null) this.#tables.requests.set(request.requestId, { ...request });
    });
  }

  getJob(key: JobKey): Promise<JobRecord | null> {
    return this.#answer(() => copyOrNull(this.#tables.jobs.get(key)?.record));
  }

  listJobs(project: string, page: Page): Promise<Paged<JobRecord>> {
    return this.#answer(() => {
      const [createTimeMs, key] = startOf(jobListing, project, page);
      const rows = this.#records()
        .filter((row) => row.project === project && compareAge(row, { createTimeMs, key }) < 0)
        .sort((a, b) => compareAge(b, a));
      return pageOf(jobListing, project, copies(rows), page.size);
    });
  }

  openJobs(): Promise<readonly JobRecord[]> {
    return this.#answer(() => {
      const rows = this.#records().filter(({ state }) => state === "running" || state === "paused");
      return copies(rows.sort(compareAge));
    });
  }

  getTrial(job: JobKey, trial: number): Promise<TrialRecord | null> {
    return this.#answer(() => copyOrNull(this.#tables.jobs.get(job)?.trials.get(trial)));
  }

  listTrials(job: JobKey, page: Page): Promise<Paged<TrialRecord>> {
    return this.#answer(() => {
      const [after] = startOf(trialListing, job, page);
      const rows = this.#trials(job).filter(({ trial }) => trial > after);
      return pageOf(trialListing, job, copies(rows), page.size);
    });
  }

  openTrials(job: JobKey): Promise<readonly TrialRecord[]> {
    return this.#answer(() =>
      copies(this.#trials(job).filter(({ state }) => state === "pending" || state === "leased")),
    );
  }

  findTrials(job: JobKey, hashes: readonly string[]): Promise<readonly TrialRecord[]> {
    return this.#answer(() => {
      const wanted = new Set(hashes);
      return copies(this.#trials(job).filter((row) => row.role === "search" && wanted.has(row.networkHash)));
    });
  }

  listRounds(job: JobKey, page: Page): Promise<Paged<RoundRecord>> {
    return this.#answer(() => {
      const [after] = startOf(roundListing, job, page);
      const rows = [...(this.#tables.jobs.get(job)?.rounds.values() ?? [])]
        .filter(({ round }) => round > after)
        .sort((a, b) => a.round - b.round);
      return pageOf(roundListing, job, copies(rows), page.size);
    });
  }

  readSnapshot(job: JobKey): Promise<Snapshot | null> {
    return this.#answer(() => copyOrNull(this.#tables.jobs.get(job)?.snapshot));
  }

  readEvents(job: JobKey, afterSeq: number, limit = Infinity): Promise<readonly (readonly [number, string])[]> {
    return this.#answer(() => {
      const events = this.#tables.jobs.get(job)?.events ?? [];
      return events.slice(afterSeq, afterSeq + limit).map((json, index) => [afterSeq + index + 1, json] as const);
    });
  }

  findRequest(requestId: string): Promise<RequestRecord | null> {
    return this.#answer(() => copyOrNull(this.#tables.requests.get(requestId)));
  }

  forgetRequests(beforeMs: number, limit: number): Promise<void> {
    return this.#answer(() => {
      this.#checkTerm();
      const old = [...this.#tables.requests.values()].filter(({ timeMs }) => timeMs < beforeMs);
      old.sort((a, b) => a.timeMs - b.timeMs);
      for (const { requestId } of old.slice(0, limit)) this.#tables.requests.delete(requestId);
    });
  }

  putFile(sha256: string, bytes: Uint8Array): Promise<void> {
    return this.#answer(() => {
      this.#checkTerm();
      this.#tables.files.set(sha256, { kind: "file", bytes: bytes.slice() });
    });
  }

  putCheckpointFile(sha256: string, bytes: Uint8Array): Promise<void> {
    return this.#answer(() => {
      this.#checkTerm();
      const { files } = this.#tables;
      if (!files.has(sha256)) files.set(sha256, { kind: "checkpoint", bytes: bytes.slice() });
    });
  }

  dropCheckpointFile(sha256: string): Promise<void> {
    return this.#answer(() => {
      this.#checkTerm();
      if (this.#tables.files.get(sha256)?.kind === "checkpoint") this.#tables.files.delete(sha256);
    });
  }

  getFile(sha256: string): Promise<StoredFile | null> {
    return this.#answer(() => {
      const file = this.#tables.files.get(sha256);
      if (file === undefined) return null;
      return { byteLength: file.bytes.length, chunks: () => this.#chunks(sha256, file.bytes.length) };
    });
  }

  checkpointFiles(): Promise<readonly string[]> {
    return this.#answer(() =>
      [...this.#tables.files].flatMap(([sha, { kind }]) => (kind === "checkpoint" ? [sha] : [])),
    );
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async *#chunks(sha256: string, byteLength: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let start = 0; start < byteLength; start += chunkBytes) {
      yield await this.#answer(() => {
        const file = this.#tables.files.get(sha256);
        if (file === undefined) throw fileTakenAway(sha256);
        return file.bytes.slice(start, start + chunkBytes);
      });
    }
  }

  /** Turns what `work` throws into a rejection, and refuses a store that is closed. */
  #answer<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (this.#closed) throw storeClosed();
      resolve(work());
    });
  }

  /** Finds every reason to refuse before anything changes: that makes a commit atomic here. */
  #refuseConflicts(jobs: readonly JobCommit[], request: RequestRecord | null): void {
    const lastSeqs = new Map<JobKey, number>();
    const created = new Set<string>();
    for (const { job, expectedSeq, events, newTrials, trials, keptFiles, record } of jobs) {
      for (const { trial } of newTrials) created.add(`${job} ${trial}`);
      const isKnown = (trial: number) => this.#tables.jobs.get(job)?.trials.has(trial) ?? false;
      const unknown = trials.find(({ trial }) => !isKnown(trial) && !created.has(`${job} ${trial}`));
      if (unknown !== undefined) throw trialConflict(job, unknown.trial);
      const missing = keptFiles.find((sha256) => !this.#tables.files.has(sha256));
      if (missing !== undefined) throw fileConflict(missing);
      const lastSeq = lastSeqs.get(job) ?? this.#tables.jobs.get(job)?.events.length ?? (record === null ? null : 0);
      if (lastSeq !== expectedSeq) throw jobConflict(job, expectedSeq);
      lastSeqs.set(job, expectedSeq + events.length);
    }
    if (request !== null && this.#tables.requests.has(request.requestId)) throw requestConflict(request.requestId);
  }

  #apply({ job, record, events, newTrials, trials, rounds, keptFiles, snapshotJson }: JobCommit): void {
    const stored = this.#tables.jobs.get(job) ?? newJob(record);
    if (stored === null) return; // refused above
    this.#tables.jobs.set(job, stored);
    if (record !== null) stored.record = { ...record };
    stored.events.push(...events);
    for (const trial of newTrials) stored.trials.set(trial.trial, { ...trial });
    for (const trial of trials) {
      const row = stored.trials.get(trial.trial);
      if (row !== undefined) stored.trials.set(trial.trial, { ...row, ...trial }); // refused above otherwise
    }
    for (const sha256 of keptFiles) {
      const file = this.#tables.files.get(sha256);
      if (file !== undefined) this.#tables.files.set(sha256, { ...file, kind: "file" });
    }
    for (const round of rounds) stored.rounds.set(round.round, { ...round });
    if (snapshotJson !== null) stored.snapshot = { seq: stored.events.length, json: snapshotJson };
  }

  #records(): JobRecord[] {
    return [...this.#tables.jobs.values()].map(({ record }) => record);
  }

  #trials(job: JobKey): TrialRecord[] {
    return [...(this.#tables.jobs.get(job)?.trials.values() ?? [])].sort((a, b) => a.trial - b.trial);
  }
}

function newJob(record: JobRecord | null): StoredJob | null {
  return record && { record, events: [], trials: new Map(), rounds: new Map(), snapshot: null };
}

function compareAge(a: Pick<JobRecord, "createTimeMs" | "key">, b: Pick<JobRecord, "createTimeMs" | "key">): number {
  if (a.createTimeMs !== b.createTimeMs) return a.createTimeMs - b.createTimeMs;
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
}

function copies<T>(rows: readonly T[]): T[] {
  return rows.map((row) => ({ ...row }));
}

function copyOrNull<T>(row: T | null | undefined): T | null {
  return row ? { ...row } : null;
}
