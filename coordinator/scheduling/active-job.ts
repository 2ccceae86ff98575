import type { Evaluation } from "../../network/evaluation.ts";
import type { JobSpec } from "../../spec/types.ts";
import type { createSearch, JobState as SearchState } from "../search/job.ts";
import type { Space } from "../search/space/space.ts";
import type { JobKey, TrialRecord } from "../storage/storage.ts";
import type { JobCheckpoint } from "./checkpoint.ts";
import type { EvaluatedTrial } from "./evaluation.ts";
import type { LeaseTable } from "./leases.ts";
import type { PendingQueue } from "./pending-queue.ts";
import type { UsageMeter } from "./usage.ts";

/** The pure search of one job. */
export type Search = ReturnType<typeof createSearch>;

/** What follows from a job's record and its files, and never changes. */
export interface JobPlan {
  readonly key: JobKey;
  readonly spec: JobSpec;
  readonly space: Space;
  readonly search: Search;
  /** How a trial is evaluated, by the state of the search while it is open. */
  readonly evaluationOf: (trial: EvaluatedTrial, state: SearchState) => Evaluation;
}

/**
 * A job that has not ended, as the engine holds it. `checkpoint` and `open` say what the store says: they are replaced after a
 * commit, never before. The rest is of this process only.
 */
export interface ActiveJob {
  readonly plan: JobPlan;
  checkpoint: JobCheckpoint;
  /** Pending and leased trials. */
  readonly open: Map<number, TrialRecord>;
  /** Pending trials that no lease under way has taken. */
  readonly pending: PendingQueue;
  readonly leases: LeaseTable;
  readonly meter: UsageMeter;
}
