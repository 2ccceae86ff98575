import type { Evaluation, Precision } from "../../network/evaluation.ts";
import type { FailureReason, Measurement, TrainedWeights, WeightsUpdate } from "../../network/measurement.ts";
import type { WeightsSlice } from "../../network/shared-weights.ts";
import type { Network } from "../../network/types.ts";
import type { Checkpoints } from "../checkpoint/checkpoints.ts";

/** Slices of shared weights, or changes of them, as they pass between a worker and the coordinator. */
export interface SlicesRequest {
  /** Of the job's shared weights, from 1. */
  readonly version: number;
  readonly slices: readonly WeightsSlice[];
  /** In which they travel; here they are float32 whatever it is. */
  readonly precision: Precision;
}

/** The shared weights of the trial's job, as the coordinator keeps them. */
export interface SharedWeights {
  /** Slices of a version, in order. Rejects with EvaluationError `data_unavailable`. */
  fetch(request: SlicesRequest): Promise<readonly Float32Array[]>;
  /** Stores what the trial would change of each slice, and says under which name. Rejects with EvaluationError where it cannot. */
  put(update: SlicesRequest & { readonly values: readonly Float32Array[] }): Promise<WeightsUpdate>;
}

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
  /** In a supernet's job only. */
  readonly weights: SharedWeights;
  /** Stores the file of the weights that the measurement is to name. Rejects with EvaluationError where it cannot. */
  keepWeights(bytes: Uint8Array): Promise<TrainedWeights>;
  /** Awaits what others are to bring. That time does not count as the worker's own. */
  wait<T>(what: Promise<T>): Promise<T>;
  /** Tells that nothing is left but to send: the worker begins its next evaluation meanwhile. Idempotent. */
  computed(): void;
}

/** Turns networks into measurements. One evaluation at a time an instance, beside one that has told `computed`. */
export interface Evaluator {
  readonly name: Evaluation["type"];
  /** Rejects with EvaluationError for a reason it knows; anything else is reported as `internal`. Holds no memory after it has settled. */
  evaluate(network: Network, evaluation: Evaluation, context: EvaluationContext): Promise<Measurement>;
  /**
   * Begins to fetch what a lease that waits behind another will need; its evaluation, with the same context, then need not wait for it. Never
   * throws.
   */
  prepare?(network: Network, evaluation: Evaluation, context: EvaluationContext): void;
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
