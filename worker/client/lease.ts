import type { Evaluation } from "../../network/evaluation.ts";
import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { Network } from "../../network/types.ts";

/**
 * What passes between a worker and the coordinator, in the worker's own terms; proto/fpnas/v1/worker.proto documents each field.
 */
export interface LeaseKey {
  readonly trial: string;
  /** The fencing token. */
  readonly leaseToken: number;
}

/** The right to evaluate one trial. */
export interface Lease {
  readonly key: LeaseKey;
  readonly network: Network;
  readonly evaluation: Evaluation;
  /** Left by an earlier attempt; null where none left any. */
  readonly checkpoint: CheckpointRef | null;
}

/** An unfinished evaluation that the coordinator keeps. */
export interface CheckpointRef {
  readonly sha256: string;
  /** Training steps made. */
  readonly step: number;
  readonly sizeBytes: number;
}

/** How an evaluation ended. */
export type Result =
  | { readonly type: "measured"; readonly measurement: Measurement }
  | { readonly type: "failed"; readonly reason: FailureReason; readonly detail: string };

/** How one lease ended. */
export interface Outcome {
  readonly key: LeaseKey;
  readonly result: Result;
  /** How long the worker computed for it; absent where it did not begin. */
  readonly busySeconds?: number;
}

/** From the worker; what is left out says nothing. */
export interface WorkRequest {
  /** Further trials that the worker could start now. */
  readonly wantLeases?: number;
  readonly renewals?: readonly LeaseKey[];
  readonly outcomes?: readonly Outcome[];
}

/** The coordinator's answer to an outcome. */
export interface Ack {
  readonly key: LeaseKey;
  readonly verdict: "accepted" | "stale" | "rejected";
}

/** From the coordinator. */
export interface WorkResponse {
  readonly leases: readonly Lease[];
  /** Leases that this worker cannot read, already ended: all that it can do with them is to report why. */
  readonly unreadable: readonly Outcome[];
  readonly acks: readonly Ack[];
  readonly revoked: readonly LeaseKey[];
}

/** A failure with its detail as the wire wants it: one line of at most 2,000 characters. */
export function failed(reason: FailureReason, detail: string): Result {
  return { type: "failed", reason, detail: detail.replace(/\s+/g, " ").trim().slice(0, 2_000) };
}
