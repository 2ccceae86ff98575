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
  /** Mean cross-entropy in nats of the first step's train batch before the step; in a supernet's job only, and only where steps were made. */
  readonly trainLoss?: number;
  /** The stored change of the shared weights; present where `trainLoss` is. */
  readonly update?: WeightsUpdate;
  /** The stored weights that were measured; present where the evaluation asked to keep them. */
  readonly weights?: TrainedWeights;
}

/** Names a change of shared weights (fpnas.v1.WeightsUpdate). */
export interface WeightsUpdate {
  /** Of its bytes, lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Names a file of trained weights (fpnas.v1.TrainedWeights). */
export interface TrainedWeights {
  /** Of its bytes, lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What stands on the wire for a measurement, as proto-loader decodes it. */
export interface WireMeasurement {
  readonly accuracy: number;
  readonly loss?: number;
  readonly steps: number;
  readonly extra: Readonly<Record<string, number>>;
  readonly trainLoss?: number;
  readonly update: WeightsUpdate | null;
  readonly weights: TrainedWeights | null;
}

/** Reads a measurement from the wire, with nothing but what is set. */
export function decodeMeasurement(wire: WireMeasurement): Measurement {
  const { accuracy, loss, steps, extra, trainLoss, update, weights } = wire;
  return {
    accuracy,
    ...(loss !== undefined && { loss }),
    steps,
    extra,
    ...(trainLoss !== undefined && { trainLoss }),
    ...(update !== null && { update: { sha256: update.sha256, sizeBytes: update.sizeBytes } }),
    ...(weights !== null && { weights: { sha256: weights.sha256, sizeBytes: weights.sizeBytes } }),
  };
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
