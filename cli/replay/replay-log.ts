import type { FpnasClient } from "../../client/client.ts";
import { FpnasError } from "../../client/errors.ts";
import type { Job, JobLogEvent, JobLogPart, JobState } from "../../client/types.ts";
import { encodeSnapshot } from "../../coordinator/search/snapshot.ts";
import { createSearch, type JobState as SearchState, type Search } from "../../coordinator/search/job.ts";
import type { Event } from "../../coordinator/search/types.ts";
import { spaceFiles } from "../../spec/parse-spec.ts";
import { resolveSpec, type SpecFile } from "../../spec/resolve-spec.ts";
import { firstDifference, type Difference } from "./difference.ts";
import { Evidence } from "./evidence.ts";

/** What a replay of a job's log came to. */
export interface ReplayReport {
  /** Full name of the job. */
  readonly job: string;
  readonly state: JobState;
  readonly events: number;
  /** The event up to which the log is held against the stored snapshot; null where there is no snapshot yet. */
  readonly snapshotEvent: number | null;
  /** After the last event: rounds closed, search trials created, entropy of the distribution in nats. */
  readonly rounds: number;
  readonly trials: number;
  readonly entropy: number;
  /** Whether the state after `snapshotEvent` is the stored snapshot, byte for byte, and nothing else differs. */
  readonly identical: boolean;
  /** The first in the log, in the order of events, and the first in the snapshot. */
  readonly differences: readonly Difference[];
}

/**
 * Runs a job's log through the search, from the spec on, and holds what follows against what is stored: the trials' outcomes, the
 * rounds, the snapshot. All comes from the coordinator over the client; the log is read page by page. Rejects with FpnasError, and
 * with SpecError where the job's spec is none that this version runs.
 */
export async function replayJob(client: FpnasClient, name: string): Promise<ReplayReport> {
  const log = client.readJobLog(name);
  const first = (await log.next()).value;
  if (first?.type !== "head") throw new FpnasError("internal", "The coordinator sent a log without its head.");
  const search = await openSearch(client, first);
  const { job, snapshot } = first;
  const replay = new Replay(search, job, snapshot);
  for await (const part of log) {
    if (part.type === "events") for (const event of part.events) replay.take(event);
    if (replay.hasStopped) break;
  }
  // Read after the log: rows are at least as new as the events then.
  const inLog = await replay.evidence.check(client.listTrials(name), client.listRounds(name));
  return replay.report(inLog);
}

type Head = Extract<JobLogPart, { readonly type: "head" }>;

async function openSearch(client: FpnasClient, { job, files }: Head): Promise<Search> {
  const contents = new Map<string, SpecFile>();
  for (const path of spaceFiles(job.spec)) {
    const sha256 = files.get(path) ?? "";
    contents.set(path, { sha256, bytes: await client.fetchFile(sha256) });
  }
  const { spec, space } = resolveSpec(job.spec, contents);
  return createSearch(spec.search, space);
}

/** One walk through a log: it takes events until its end, or until one that cannot be taken. */
class Replay {
  readonly evidence = new Evidence();
  private readonly search: Search;
  private readonly job: Job;
  private readonly snapshot: Head["snapshot"];
  private state: SearchState;
  private seq = 0;
  private stopped: Difference | null = null;
  private inSnapshot: Difference | null = null;

  constructor(search: Search, job: Job, snapshot: Head["snapshot"]) {
    this.search = search;
    this.job = job;
    this.snapshot = snapshot;
    this.state = search.init(job.spec.seed);
  }

  get hasStopped(): boolean {
    return this.stopped !== null;
  }

  take({ seq, json }: JobLogEvent): void {
    if (this.stopped !== null) return;
    if (seq !== this.seq + 1) {
      this.stopped = { event: this.seq + 1, path: `events[${this.seq + 1}]` };
      return;
    }
    try {
      const event = JSON.parse(json) as Event;
      const [state, commands] = this.search.step(this.state, event);
      this.evidence.note(seq, event, commands);
      [this.state, this.seq] = [state, seq];
    } catch {
      this.stopped = { event: seq, path: `events[${seq}]`, stored: json };
      return;
    }
    if (seq === this.snapshot?.seq) this.inSnapshot = compareState(seq, this.snapshot.json, this.state);
  }

  /** @param inLog what the evidence comes to. */
  report(inLog: Difference | null): ReplayReport {
    const { rounds, trialsCreated, entropy } = this.search.progress(this.state);
    const early = [inLog, this.stopped].filter((found) => found !== null).sort((a, b) => a.event - b.event);
    const missing = this.snapshot !== null && this.seq < this.snapshot.seq && this.stopped === null;
    const end: Difference | null = missing ? { event: this.seq + 1, path: `events[${this.seq + 1}]` } : this.inSnapshot;
    const differences = [...early.slice(0, 1), ...(end === null ? [] : [end])];
    return {
      job: this.job.name,
      state: this.job.state,
      events: this.seq,
      snapshotEvent: this.snapshot?.seq ?? null,
      rounds,
      trials: trialsCreated,
      entropy,
      identical: differences.length === 0,
      differences,
    };
  }
}

function compareState(event: number, stored: string, state: SearchState): Difference | null {
  const replayed = encodeSnapshot(state);
  if (stored === replayed) return null;
  const difference = firstDifference("state", parse(stored), parse(replayed));
  // The same values in another text.
  return { event, ...(difference ?? { path: "state", stored, replayed }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
