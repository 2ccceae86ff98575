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
  "quarantined",
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** Each reason's name in the enum of the wire, which generated types hold to it on both sides. */
export const failureReasonNames = {
  infeasible: "FAILURE_REASON_INFEASIBLE",
  unknown_operation: "FAILURE_REASON_UNKNOWN_OPERATION",
  out_of_memory: "FAILURE_REASON_OUT_OF_MEMORY",
  nan_loss: "FAILURE_REASON_NAN_LOSS",
  timed_out: "FAILURE_REASON_TIMED_OUT",
  preempted: "FAILURE_REASON_PREEMPTED",
  lost: "FAILURE_REASON_LOST",
  data_unavailable: "FAILURE_REASON_DATA_UNAVAILABLE",
  internal: "FAILURE_REASON_INTERNAL",
  quarantined: "FAILURE_REASON_QUARANTINED",
} as const satisfies Readonly<Record<FailureReason, string>>;
