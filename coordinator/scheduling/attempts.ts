import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { Event } from "../search/types.ts";
import type { TrialRecord } from "../storage/storage.ts";
import { readAttempts, writeAttempts } from "./attempt-record.ts";
import type { Outcome } from "./outcome.ts";
import { judgeFailure, quarantineAfter, type AttemptCounts } from "./retry.ts";
import type { LeaseKey } from "./worker-session.ts";

/** A trial after its attempt, and the event for the search where that ended the trial. */
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

/** Ends the attempt of a trial with what its worker said (checked by `checkOutcome`). */
export function endAttempt(row: TrialRecord, outcome: Outcome, nowMs: number): EndedAttempt {
  switch (outcome.type) {
    case "measurement":
      return completeTrial(row, outcome.measurement, nowMs);
    case "failure":
      return failAttempt(row, outcome.reason, outcome.detail, nowMs);
    case "malformed": {
      const { counts } = judgeFailure("internal", readAttempts(row).counts);
      return failTrial(withCounts(row, counts), "internal", outcome.detail, nowMs);
    }
  }
}

/** Ends the attempt of a trial without a measurement; it waits for another one unless that class of attempts is used up. */
export function failAttempt(row: TrialRecord, reason: FailureReason, detail: string, nowMs: number): EndedAttempt {
  const { retry, counts } = judgeFailure(reason, readAttempts(row).counts);
  const counted = withCounts(row, counts);
  if (!retry) return failTrial(counted, reason, detail, nowMs);
  return { row: { ...release(counted, reason, detail, nowMs), state: "pending" }, event: null };
}

/**
 * Ends the attempt of a leased trial whose worker was not heard of until the deadline. Where that worker broke off and did not come
 * back, the network is under suspicion; with the last worker that it may take down it is quarantined.
 */
export function loseAttempt(row: TrialRecord, brokeOff: boolean, nowMs: number): EndedAttempt {
  const worker = row.workerId ?? "";
  if (!brokeOff) return failAttempt(row, "lost", `no word from worker ${worker}`, nowMs);
  const before = readAttempts(row);
  const tookDown = [...before.tookDown, worker];
  const accused = { ...row, attemptsJson: writeAttempts({ ...before, tookDown }) };
  if (tookDown.length < quarantineAfter) {
    return failAttempt(accused, "lost", `worker ${worker} broke off and did not come back`, nowMs);
  }
  const detail = `the network took down ${tookDown.length} workers: ${tookDown.join(", ")}`;
  return failAttempt(accused, "quarantined", detail, nowMs);
}

/** Takes a lease back whose worker perhaps never heard of it: the trial waits again, and nothing is counted. */
export function releaseAttempt(row: TrialRecord, detail: string, nowMs: number): EndedAttempt {
  return { row: { ...release(row, "lost", detail, nowMs), state: "pending" }, event: null };
}

/** The row of a pending or leased trial whose outcome no longer matters. */
export function cancelRow(row: TrialRecord, nowMs: number): TrialRecord {
  return { ...row, state: "cancelled", endTimeMs: nowMs, busyMs: busyAfter(row, nowMs), checkpointJson: null };
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

function failTrial(row: TrialRecord, reason: FailureReason, detail: string, nowMs: number): EndedAttempt {
  const state = reason === "infeasible" ? "infeasible" : "failed";
  return {
    row: { ...release(row, reason, detail, nowMs), state, endTimeMs: nowMs, checkpointJson: null },
    event: { type: "trialFailed", trial: row.trial, reason },
  };
}

function withCounts(row: TrialRecord, counts: AttemptCounts): TrialRecord {
  return { ...row, attemptsJson: writeAttempts({ ...readAttempts(row), counts }) };
}

/** The reason stays on the row of a trial that is tried again: by it a repeat of the same outcome is told from a late one. */
function release(row: TrialRecord, reason: FailureReason, detail: string, nowMs: number): TrialRecord {
  return { ...row, busyMs: busyAfter(row, nowMs), failureReason: reason, failureDetail: detail };
}

/** The time of a trial that is not leased has been counted. */
function busyAfter(row: TrialRecord, nowMs: number): number {
  return row.state === "leased" ? row.busyMs + Math.max(0, nowMs - (row.leaseTimeMs ?? nowMs)) : row.busyMs;
}
