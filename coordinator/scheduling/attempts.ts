import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { Event } from "../search/types.ts";
import type { TrialRecord } from "../storage/storage.ts";
import type { Outcome } from "./outcome.ts";
import { judgeFailure } from "./retry.ts";
import type { LeaseKey } from "./worker-session.ts";

/** A leased trial after its attempt, and the event for the search where that ended the trial. */
export interface EndedAttempt {
  readonly row: TrialRecord;
  readonly event: Event | null;
}

/** The row of a pending trial under a new lease. */
export function leaseRow(row: TrialRecord, workerId: string, nowMs: number): TrialRecord {
  return { ...row, state: "leased", leaseToken: row.leaseToken + 1, workerId, leaseTimeMs: nowMs };
}

export function leaseKeyOf(row: TrialRecord): LeaseKey {
  return { job: row.job, trial: row.trial, token: row.leaseToken };
}

/** Ends the attempt of a leased trial with what its worker said (checked by `checkOutcome`). */
export function endAttempt(row: TrialRecord, outcome: Outcome, nowMs: number): EndedAttempt {
  switch (outcome.type) {
    case "measurement":
      return completeTrial(row, outcome.measurement, nowMs);
    case "failure":
      return failAttempt(row, outcome.reason, outcome.detail, nowMs);
    case "malformed":
      return failTrial(row, "internal", outcome.detail, row.attempts + 1, nowMs);
  }
}

/** Ends the attempt of a leased trial without a measurement; it waits for another one unless its attempts are used up. */
export function failAttempt(row: TrialRecord, reason: FailureReason, detail: string, nowMs: number): EndedAttempt {
  const { retry, attempts } = judgeFailure(reason, row.attempts);
  if (!retry) return failTrial(row, reason, detail, attempts, nowMs);
  return { row: { ...release(row, reason, detail, nowMs), state: "pending", attempts }, event: null };
}

/** The row of a pending or leased trial whose outcome no longer matters. */
export function cancelRow(row: TrialRecord, nowMs: number): TrialRecord {
  const busyMs = row.state === "leased" ? busyAfter(row, nowMs) : row.busyMs;
  return { ...row, state: "cancelled", endTimeMs: nowMs, busyMs, checkpointJson: null };
}

function completeTrial(row: TrialRecord, measurement: Measurement, nowMs: number): EndedAttempt {
  return {
    row: {
      ...row,
      state: "completed",
      endTimeMs: nowMs,
      busyMs: busyAfter(row, nowMs),
      measurementJson: JSON.stringify(measurement),
      failureReason: null,
      failureDetail: null,
      checkpointJson: null,
    },
    event: { type: "trialCompleted", trial: row.trial, measurement },
  };
}

function failTrial(
  row: TrialRecord,
  reason: FailureReason,
  detail: string,
  attempts: number,
  nowMs: number,
): EndedAttempt {
  const state = reason === "infeasible" ? "infeasible" : "failed";
  return {
    row: { ...release(row, reason, detail, nowMs), state, attempts, endTimeMs: nowMs, checkpointJson: null },
    event: { type: "trialFailed", trial: row.trial, reason },
  };
}

/** The reason stays on the row of a trial that is tried again: by it a repeat of the same outcome is told from a late one. */
function release(row: TrialRecord, reason: FailureReason, detail: string, nowMs: number): TrialRecord {
  return { ...row, busyMs: busyAfter(row, nowMs), failureReason: reason, failureDetail: detail };
}

function busyAfter(row: TrialRecord, nowMs: number): number {
  return row.busyMs + Math.max(0, nowMs - (row.leaseTimeMs ?? nowMs));
}
