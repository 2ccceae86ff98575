import { readAttempts } from "../../../coordinator/scheduling/attempt-record.ts";
import type { TrialRecord } from "../../../coordinator/storage/storage.ts";
import { nonceName } from "../cluster/evaluator.ts";
import { leaseText, type Reports } from "./reports.ts";

/** Reasons that a coordinator gives by itself; all others are a worker's word. */
const coordinatorReasons: readonly (string | null)[] = ["lost", "quarantined"];

const ended: readonly string[] = ["completed", "failed", "infeasible", "cancelled"];

/** Whether a trial in this state never changes again. */
export function hasEnded({ state }: Pick<TrialRecord, "state">): boolean {
  return ended.includes(state);
}

/** What is wrong with a trial's row as it is created; null where it is as it should be. */
export function checkNewRow(row: TrialRecord): string | null {
  if (row.reusedFrom !== null) return row.state === "completed" ? null : "is reused, but not completed";
  // What ends the job may come in the same commit.
  const isWaiting = row.state === "pending" || row.state === "cancelled";
  return isWaiting && row.leaseToken === 0 ? null : `is created ${row.state}`;
}

/** What is wrong with a change of a trial's row; null where it may change so. */
export function checkChange(before: TrialRecord, after: TrialRecord, reports: Reports): string | null {
  if (hasEnded(before)) return `is ${before.state}, and changes to ${after.state}`;
  if (after.leaseToken < before.leaseToken)
    return `has its token fall from ${before.leaseToken} to ${after.leaseToken}`;
  if (attemptsOf(after) < attemptsOf(before)) return "has an attempt forgotten";
  const lease = leaseText(after.job, after.trial, after.leaseToken);
  switch (after.state) {
    case "leased":
      return isUnder(before, after) || after.leaseToken > before.leaseToken
        ? null
        : "is leased again under an old token";
    case "cancelled":
      return null;
    case "completed":
      if (!mayEnd(before, after)) return `is completed though it was ${describe(before)}`;
      return reports.hasMeasured(lease, nonceOf(after))
        ? null
        : `is completed by what nobody measured under token ${after.leaseToken}`;
    case "failed":
    case "infeasible":
    case "pending":
      return checkFailure(before, after, reports.hasFailed(lease, after.failureReason ?? ""));
  }
}

function checkFailure(before: TrialRecord, after: TrialRecord, isReported: boolean): string | null {
  if (after.state === "pending" && before.state === "pending" && after.leaseToken === before.leaseToken) return null;
  if (!mayEnd(before, after)) return `has an attempt end though it was ${describe(before)}`;
  if (coordinatorReasons.includes(after.failureReason)) return null;
  if (!isReported) return `fails under token ${after.leaseToken} as nobody said: ${after.failureReason}`;
  return attemptsOf(after) > attemptsOf(before) ? null : `has an attempt that is not counted: ${describe(after)}`;
}

/** Whether the trial is under the very lease under which it was. */
function isUnder(before: TrialRecord, after: TrialRecord): boolean {
  return before.state === "leased" && after.leaseToken === before.leaseToken;
}

/** An attempt ends while its lease is open, or where that was lost and no other was given since. */
function mayEnd(before: TrialRecord, after: TrialRecord): boolean {
  const isWaiting = before.state === "pending" && before.failureReason === "lost";
  return isUnder(before, after) || (isWaiting && after.leaseToken === before.leaseToken);
}

/** How many attempts are counted. */
export function attemptsOf(row: TrialRecord): number {
  return Object.values(readAttempts(row).counts).reduce((total, count) => total + count, 0);
}

function describe({ state, leaseToken, failureReason }: TrialRecord): string {
  return `${state} under token ${leaseToken}${failureReason === null ? "" : ` (${failureReason})`}`;
}

/** The number of the evaluation that measured a completed trial. */
export function nonceOf({ measurementJson }: Pick<TrialRecord, "measurementJson">): number {
  const measurement = JSON.parse(measurementJson ?? "{}") as { readonly extra?: Readonly<Record<string, number>> };
  return measurement.extra?.[nonceName] ?? -1;
}
