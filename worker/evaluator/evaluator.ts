import type { Evaluation } from "../../network/evaluation.ts";
import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { Network } from "../../network/types.ts";
import type { Checkpoints } from "../checkpoint/checkpoints.ts";

/** What an evaluator may use of the worker around it. */
export interface EvaluationContext {
  /** The trial's name, for logs and for people. */
  readonly trial: string;
  /** Aborted when the lease is revoked or lost, or the worker stops: the evaluator ends soon, by rejecting with any error. */
  readonly signal: AbortSignal;
  /** The bytes of a job's file, checked against the hash, cached between trials. Rejects with EvaluationError data_unavailable. */
  fetchFile(sha256: string): Promise<Uint8Array>;
  /** For evaluations that take long: what they can be gone on from after this worker. */
  readonly checkpoints: Checkpoints;
}

/** Turns networks into measurements. One evaluation at a time an instance. */
export interface Evaluator {
  readonly name: Evaluation["type"];
  /** Rejects with EvaluationError for a reason it knows; anything else is reported as `internal`. Holds no memory after it has settled. */
  evaluate(network: Network, evaluation: Evaluation, context: EvaluationContext): Promise<Measurement>;
}

/** A failure that has a name. */
export class EvaluationError extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EvaluationError";
    this.reason = reason;
  }
}
