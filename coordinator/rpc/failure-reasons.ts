import { failureReasonNames, failureReasons, type FailureReason } from "../../network/measurement.ts";
import type { FailureReason as WireFailureReason } from "../../proto/gen/fpnas/v1/FailureReason.ts";

export function encodeFailureReason(reason: FailureReason): WireFailureReason {
  return failureReasonNames[reason];
}

/** Null for one that is not given, or that this version does not know. */
export function decodeFailureReason(wire: WireFailureReason): FailureReason | null {
  return failureReasons.find((reason) => failureReasonNames[reason] === wire) ?? null;
}
