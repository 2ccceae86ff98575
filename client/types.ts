import type { FailureReason, Measurement } from "../network/measurement.ts";
import type { Network } from "../network/types.ts";
import type { JobResult } from "../spec/result.ts";
import type { JobSpec } from "../spec/types.ts";

/**
 * What the SDK returns: plain data in the words of proto/fpnas/v1/search.proto, which documents each field. Names are full resource
 * names ("projects/{project}/jobs/{job}"), times are milliseconds since 1970, and what is not known (yet) is null.
 */
export type JobState = "running" | "paused" | "succeeded" | "failed" | "cancelled";
export type TrialState = "pending" | "leased" | "completed" | "failed" | "infeasible" | "cancelled";
export type TrialRole = "search" | "finalist" | "final_answer" | "final_random" | "final_largest";

/** One search. */
export interface Job {
  readonly name: string;
  readonly state: JobState;
  /** The spec as accepted, every default filled in. */
  readonly spec: JobSpec;
  readonly createTimeMs: number;
  /** Null while it has not ended. */
  readonly endTimeMs: number | null;
  /** Null unless it succeeded. */
  readonly result: JobResult | null;
  /** Why it failed, else null. */
  readonly error: string | null;
  readonly progress: Progress;
}

/** How far a job is. */
export interface Progress {
  /** The current stage's name; "final" while final networks are trained; null before the first. */
  readonly stage: string | null;
  readonly rounds: number;
  readonly draws: number;
  readonly roundDraws: number;
  readonly trialsCreated: number;
  readonly trialsEnded: number;
  readonly trialsFailed: number;
  /** Null where the spec has none. */
  readonly trialsBudget: number | null;
  /** In nats. */
  readonly entropy: number;
  /** In nats. */
  readonly entropyStart: number;
  /** The best feasible network so far, null before the first. */
  readonly best: BestTrial | null;
  /** Workers connected to the coordinator that can evaluate the job's trials. */
  readonly workers: number;
  readonly finalEnded: number;
  readonly finalTotal: number;
}

/** The best trial so far. */
export interface BestTrial {
  readonly trial: string;
  readonly accuracy: number;
  readonly macs: number | null;
  readonly params: number | null;
}

/** One network evaluated for a job. */
export interface Trial {
  readonly name: string;
  readonly state: TrialState;
  readonly role: TrialRole;
  readonly network: Network;
  /** An arm for each choice of the space. */
  readonly arms: readonly number[];
  /** The round that first drew it, null for final trials. */
  readonly round: number | null;
  readonly macs: number | null;
  readonly params: number | null;
  /** Null unless completed. */
  readonly measurement: Measurement | null;
  /** Null unless failed or infeasible. */
  readonly failure: { readonly reason: FailureReason; readonly detail: string } | null;
  /** Leases given so far. */
  readonly attempts: number;
  /** How those ended that brought no measurement. */
  readonly endedAttempts: AttemptCounts;
  /** The worker that holds it or held it last, null before the first lease. */
  readonly workerId: string | null;
  readonly leaseTimeMs: number | null;
  readonly endTimeMs: number | null;
  /** Full name of the trial of an earlier job whose measurement it took over without a lease, else null. */
  readonly reusedFrom: string | null;
}

/** How often attempts of a trial ended without a measurement, by class. */
export interface AttemptCounts {
  readonly preempted: number;
  readonly lost: number;
  readonly failed: number;
  readonly infeasible: number;
  readonly timedOut: number;
}

/** One closed round. */
export interface Round {
  /** From 1. */
  readonly round: number;
  readonly stage: string;
  readonly draws: number;
  readonly newTrials: number;
  /** After the update, in nats. */
  readonly entropy: number;
  /** Probability of each arm of each choice after the update. */
  readonly marginals: readonly { readonly choice: string; readonly probabilities: readonly number[] }[];
  /** Best feasible accuracy so far, 0 before the first. */
  readonly bestAccuracy: number;
}

/** What to submit. */
export interface NewJob {
  /** The spec, as an object or as YAML or JSON text (docs/spec.md). The coordinator checks it and fills in its defaults. */
  readonly spec: string | Readonly<Record<string, unknown>>;
  /** Bytes of every file that the spec names, by the path as the spec writes it. They are uploaded first. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** "projects/{project}"; "projects/default" unless given. */
  readonly parent?: string;
  /** 1 to 63 characters of [a-z0-9-] that begin with a letter; made from the spec's name unless given. */
  readonly jobId?: string;
  /** A repeat with the same id returns the first answer; a new one for each call unless given. */
  readonly requestId?: string;
  /** Only check: nothing is created, and the answer is the job as it would be. */
  readonly validateOnly?: boolean;
}

/** One event of a job's log. */
export interface JobLogEvent {
  /** From 1. */
  readonly seq: number;
  readonly json: string;
}

/** A piece of a job's log: the head comes first and once, then the events in order. */
export type JobLogPart =
  | {
      readonly type: "head";
      readonly job: Job;
      /** Path as written in the spec, to SHA-256. */
      readonly files: ReadonlyMap<string, string>;
      /** The state of the search after event `seq`, as it is stored; null before the first. */
      readonly snapshot: { readonly seq: number; readonly json: string } | null;
    }
  | { readonly type: "events"; readonly events: readonly JobLogEvent[] };
