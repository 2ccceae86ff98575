import type { Measurement as WireMeasurement } from "../../proto/gen/fpnas/v1/Measurement.ts";
import type { Network as WireNetwork } from "../../proto/gen/fpnas/v1/Network.ts";
import type { Trial, _fpnas_v1_Trial_Role, _fpnas_v1_Trial_State } from "../../proto/gen/fpnas/v1/Trial.ts";
import type { FailureReason } from "../../network/measurement.ts";
import type { TrialRole } from "../search/types.ts";
import { readAttempts } from "../scheduling/attempt-record.ts";
import { formatTrialName } from "../scheduling/names.ts";
import type { TrialRecord, TrialState } from "../storage/storage.ts";
import { encodeFailureReason } from "./failure-reasons.ts";

const states: Readonly<Record<TrialState, _fpnas_v1_Trial_State>> = {
  pending: "STATE_PENDING",
  leased: "STATE_LEASED",
  completed: "STATE_COMPLETED",
  failed: "STATE_FAILED",
  infeasible: "STATE_INFEASIBLE",
  cancelled: "STATE_CANCELLED",
};

const roles: Readonly<Record<TrialRole, _fpnas_v1_Trial_Role>> = {
  search: "ROLE_SEARCH",
  finalAnswer: "ROLE_FINAL_ANSWER",
  finalRandom: "ROLE_FINAL_RANDOM",
  finalLargest: "ROLE_FINAL_LARGEST",
  finalist: "ROLE_FINALIST",
};

/** The trial as it stands on the wire. */
export function encodeTrial(row: TrialRecord): Trial {
  return {
    name: formatTrialName(row.job, row.trial),
    state: states[row.state],
    role: roles[row.role as TrialRole],
    network: JSON.parse(row.networkJson) as WireNetwork,
    arms: JSON.parse(row.armsJson) as number[],
    round: row.round,
    macs: row.macs ?? 0,
    params: row.params ?? 0,
    measurement: row.measurementJson === null ? null : (JSON.parse(row.measurementJson) as WireMeasurement),
    ...encodeFailure(row),
    // Tokens are given one by one.
    attempts: row.leaseToken,
    workerId: row.workerId ?? "",
    leaseTimeMs: row.leaseTimeMs ?? 0,
    endTimeMs: row.endTimeMs ?? 0,
    reusedFrom: row.reusedFrom ?? "",
    endedAttempts: readAttempts(row).counts,
  };
}

/** The row of a trial that is tried again keeps why its last attempt failed; on the wire only ended trials have a reason. */
function encodeFailure(row: TrialRecord): Pick<Trial, "failureReason" | "failureDetail"> {
  if (row.failureReason === null || (row.state !== "failed" && row.state !== "infeasible")) return {};
  return {
    failureReason: encodeFailureReason(row.failureReason as FailureReason),
    failureDetail: row.failureDetail ?? "",
  };
}
