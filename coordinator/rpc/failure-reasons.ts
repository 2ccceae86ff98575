import { failureReasons, type FailureReason } from "../../network/measurement.ts";
import type { FailureReason as WireFailureReason } from "../../proto/gen/fpnas/v1/FailureReason.ts";

const names = {
  infeasible: "FAILURE_REASON_INFEASIBLE",
  unknown_operation: "FAILURE_REASON_UNKNOWN_OPERATION",
  out_of_memory: "FAILURE_REASON_OUT_OF_MEMORY",
  nan_loss: "FAILURE_REASON_NAN_LOSS",
  timed_out: "FAILURE_REASON_TIMED_OUT",
  preempted: "FAILURE_REASON_PREEMPTED",
  lost: "FAILURE_REASON_LOST",
  data_unavailable: "FAILURE_REASON_DATA_UNAVAILABLE",
  internal: "FAILURE_REASON_INTERNAL",
} as const satisfies Readonly<Record<FailureReason, WireFailureReason>>;

export function encodeFailureReason(reason: FailureReason): WireFailureReason {
  return names[reason];
}

/** Null for one that is not given, or that this version does not know. */
export function decodeFailureReason(wire: WireFailureReason): FailureReason | null {
  return failureReasons.find((reason) => names[reason] === wire) ?? null;
}
