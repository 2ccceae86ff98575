import type { JobRecord } from "../storage/storage.ts";
import type { CheckpointVerdict } from "./checkpoint-desk.ts";
import type { Outcome } from "./outcome.ts";
import type { RequestId } from "./requests.ts";
import type { BroughtFile } from "./trial-checkpoint.ts";
import type { LeaseKey, WorkerSession } from "./worker-session.ts";

/** What a researcher may do to a job that has not ended. */
export type JobAction = "pause" | "resume" | "cancel";

/** What a job's runner is told; each is taken in order, within one turn or the next. */
export type JobMessage =
  /** The first of a new job. */
  | { readonly type: "start"; readonly request: RequestId | null }
  | {
      readonly type: "outcome";
      readonly key: LeaseKey;
      readonly outcome: Outcome;
      /** How long its worker computed; null where it does not say. */
      readonly busySeconds: number | null;
      /** Where the answer goes. */
      readonly session: WorkerSession;
    }
  /** A pending trial, taken from the queue, for a worker whose credit was taken; `giveBack` returns the credit. */
  | {
      readonly type: "grant";
      readonly trial: number;
      readonly session: WorkerSession;
      readonly giveBack: () => void;
    }
  /** A lease whose deadline has passed. */
  | { readonly type: "expire"; readonly trial: number; readonly token: number }
  /** A lease that its worker was not told of, or whose telling was lost. */
  | { readonly type: "release"; readonly trial: number; readonly token: number }
  /** A worker that trials were suspected to have taken down is back. */
  | { readonly type: "acquit"; readonly workerId: string }
  | {
      readonly type: "control";
      readonly action: JobAction;
      readonly request: RequestId | null;
      readonly resolve: (record: JobRecord) => void;
      readonly reject: (error: Error) => void;
    }
  /** A checkpoint, or trained weights, of a lease, whose file is durable. */
  | {
      readonly type: "checkpoint";
      readonly workerId: string;
      readonly key: LeaseKey;
      readonly file: BroughtFile;
      readonly resolve: (verdict: CheckpointVerdict) => void;
      readonly reject: (error: Error) => void;
    }
  /** A version of the shared weights is there. */
  | { readonly type: "weightsMerged"; readonly version: number }
  | { readonly type: "wallTimeSpent" }
  /** The search itself threw: the job ends. */
  | { readonly type: "fault"; readonly error: string };
