/** What a worker observed of one network (proto/fpnas/v1/measurement.proto). */
export interface Measurement {
  /** Share of examples classified right, 0 to 1. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats; absent where the evaluator has none. */
  readonly loss?: number;
  /** Training steps made; 0 where nothing was trained. */
  readonly steps: number;
  /** Further figures by name. */
  readonly extra: Readonly<Record<string, number>>;
}

/** Why there is no measurement: the closed set of proto/fpnas/v1/measurement.proto, which documents each. */
export const failureReasons = [
  "infeasible",
  "unknown_operation",
  "out_of_memory",
  "nan_loss",
  "timed_out",
  "preempted",
  "lost",
  "data_unavailable",
  "internal",
] as const;
export type FailureReason = (typeof failureReasons)[number];
