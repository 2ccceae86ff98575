import type { StoredFile } from "./stored-file.ts";

/**
 * The port to durable state. JSON columns are opaque text here: storage knows rows, not searches.
 * Only the engine of the leading coordinator writes (`leadership.ts`). Every method rejects with StorageError only.
 */
export type JobState = "running" | "paused" | "succeeded" | "failed" | "cancelled";
export type TrialState = "pending" | "leased" | "completed" | "failed" | "infeasible" | "cancelled";

/** "PROJECT/JOB", unique in a store. */
export type JobKey = string;

export interface JobRecord {
  readonly key: JobKey;
  readonly project: string;
  readonly state: JobState;
  readonly specJson: string;
  /** Path in the spec to SHA-256, as JSON object. */
  readonly filesJson: string;
  readonly createTimeMs: number;
  readonly endTimeMs: number | null;
  readonly resultJson: string | null;
  readonly error: string | null;
  /** Progress for people, as JSON; as of the last commit. */
  readonly progressJson: string;
}

export interface TrialRecord {
  readonly job: JobKey;
  /** From 1, in order of creation. */
  readonly trial: number;
  readonly role: string;
  readonly state: TrialState;
  readonly networkHash: string;
  readonly networkJson: string;
  readonly armsJson: string;
  readonly round: number;
  readonly macs: number | null;
  readonly params: number | null;
  /** How its attempts without a measurement ended, as JSON; null while there are none. */
  readonly attemptsJson: string | null;
  /** Fencing token of the last lease; 0 before the first; never falls. */
  readonly leaseToken: number;
  readonly workerId: string | null;
  readonly leaseTimeMs: number | null;
  readonly endTimeMs: number | null;
  /** Sum of the time under lease of all ended attempts, ms. */
  readonly busyMs: number;
  readonly measurementJson: string | null;
  readonly failureReason: string | null;
  readonly failureDetail: string | null;
  /** Name of the trial of another job whose measurement it took over without a lease; null where it is to be evaluated. */
  readonly reusedFrom: string | null;
  /** The checkpoint that its next attempt goes on from, as JSON; null where it has none. */
  readonly checkpointJson: string | null;
}

/** How a trial stands: all of its row that changes once it is created. */
export type TrialUpdate = Omit<
  TrialRecord,
  "role" | "networkHash" | "networkJson" | "armsJson" | "round" | "macs" | "params" | "reusedFrom"
>;

export interface RoundRecord {
  readonly job: JobKey;
  readonly round: number;
  readonly summaryJson: string;
}

/** One job's share of a commit. */
export interface JobCommit {
  readonly job: JobKey;
  /** Sequence number of the last event that the writer knows (0 for none). Another number in the store is a `conflict`. */
  readonly expectedSeq: number;
  /** Appended as expectedSeq + 1, .. */
  readonly events: readonly string[];
  /** Whole rows, inserted or replaced. */
  readonly newTrials: readonly TrialRecord[];
  /** Of trials that the store has, `newTrials` included; one that it has not is a `conflict`. */
  readonly trials: readonly TrialUpdate[];
  readonly rounds: readonly RoundRecord[];
  /** Hashes of files, put as checkpoints before, that from now on stay for good; one that the store has not is a `conflict`. */
  readonly keptFiles: readonly string[];
  /** State of the core after the last of `events`. Replaces the one before. */
  readonly snapshotJson: string | null;
  /** The whole row, inserted or replaced; null leaves it. */
  readonly record: JobRecord | null;
}

/** First answer to a mutation, for repeats. */
export interface RequestRecord {
  readonly requestId: string;
  /** What was asked (method and job), so that another use of the id is told apart. */
  readonly request: string;
  readonly responseJson: string;
  readonly timeMs: number;
}

export interface Snapshot {
  readonly seq: number;
  readonly json: string;
}

export interface Page {
  readonly size: number;
  /** Opaque; from the page before. */
  readonly after: string | null;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/**
 * What leader and followers read alike. What is unknown is null or empty, never an error. Rows come out by value.
 * A listing takes a page size from 1 and the tokens that the same listing gave out, and refuses others as `unsupported`.
 */
export interface StorageReader {
  getJob(key: JobKey): Promise<JobRecord | null>;
  /** Newest first. */
  listJobs(project: string, page: Page): Promise<Paged<JobRecord>>;
  /** Jobs that are running or paused, oldest first: what a starting engine takes up. */
  openJobs(): Promise<readonly JobRecord[]>;
  /** One trial; null where the job has none of that number. */
  getTrial(job: JobKey, trial: number): Promise<TrialRecord | null>;
  /** In order of trial number. */
  listTrials(job: JobKey, page: Page): Promise<Paged<TrialRecord>>;
  /** Pending and leased trials in order of trial number. */
  openTrials(job: JobKey): Promise<readonly TrialRecord[]>;
  /** Search trials (role "search") by network hash, in order of trial number; hashes without a trial are left out. */
  findTrials(job: JobKey, hashes: readonly string[]): Promise<readonly TrialRecord[]>;
  /** In order of round. */
  listRounds(job: JobKey, page: Page): Promise<Paged<RoundRecord>>;
  /** The last one committed, with the number of the last event that is in it. */
  readSnapshot(job: JobKey): Promise<Snapshot | null>;
  /** Events after `seq`, in order: [seq, json]; the first `limit` of them (a whole number from 1), or all where there is no limit. */
  readEvents(job: JobKey, afterSeq: number, limit?: number): Promise<readonly (readonly [number, string])[]>;
  findRequest(requestId: string): Promise<RequestRecord | null>;
  getFile(sha256: string): Promise<StoredFile | null>;
  /** Hashes of the files that were put as checkpoints only, in no order. */
  checkpointFiles(): Promise<readonly string[]>;
}

/** What the leader writes through, and reads. Rows go in by value. Every write rejects with `deposed` once another leads. */
export interface Storage extends StorageReader {
  /**
   * All or nothing, durable when it resolves. Safe to repeat after a failure only if the caller first reads what is there.
   * Calls made at the same time may share a flush to disk; each succeeds or fails alone, and calls take effect in order.
   * Rejects with `conflict` where a job is not at its `expectedSeq`, where a job is unknown and comes without a record,
   * where a trial that it updates or a file that it keeps is unknown, and where the request has an answer already; with `unsupported` for a row
   * of another job or a number that is not whole.
   */
  commit(jobs: readonly JobCommit[], request: RequestRecord | null): Promise<void>;
  /** Forgets up to `limit` requests answered before that time, the oldest first. */
  forgetRequests(beforeMs: number, limit: number): Promise<void>;
  /** Idempotent. The caller has checked the hash, and leaves `bytes` as they are until this resolves. */
  putFile(sha256: string, bytes: Uint8Array): Promise<void>;
  /** As `putFile`, of a file that may be dropped again. One that was, or is later, put as a file or kept by a commit stays for good. */
  putCheckpointFile(sha256: string, bytes: Uint8Array): Promise<void>;
  /**
   * Takes away a file that was put as a checkpoint only. Idempotent. What is put and dropped under one hash takes effect in the order of the
   * calls: what is put after a drop was called is there as a whole.
   */
  dropCheckpointFile(sha256: string): Promise<void>;
  /** Idempotent. Resolves when what was asked before is answered; every later call rejects with `unavailable`. */
  close(): Promise<void>;
}

/**
 * Why the store refused. `conflict`: another writer; `deposed`: another leads, and this one never again in its term;
 * `busy`: held by another process; `unavailable`: may work later; `corrupt`: will not; `unsupported`: asked for what
 * no store, or not this version of it, can do.
 */
export type StorageErrorCode = "conflict" | "deposed" | "busy" | "unavailable" | "corrupt" | "unsupported";

export class StorageError extends Error {
  readonly code: StorageErrorCode;
  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StorageError";
    this.code = code;
  }
}
