import type { FailureReason } from "../../network/measurement.ts";

/** How an attempt without a measurement ended (docs/reliability.md shows the same table). */
export const attemptClasses = ["preempted", "lost", "failed", "infeasible", "timedOut"] as const;
export type AttemptClass = (typeof attemptClasses)[number];

/**
 * How many attempts of a class a trial may have: with the last of them it fails, for that attempt's reason. What says little of the
 * network is tried again often, but nothing goes round for ever. A worker that is asked for more than it can hold gives trials back as
 * preempted, which can be many times at the start of a large fleet.
 */
export const retryBudgets: Readonly<Record<AttemptClass, number>> = {
  preempted: 1000,
  lost: 5,
  failed: 3,
  infeasible: 1,
  timedOut: 2,
};

/** A network that has taken down so many workers is given to no other. */
export const quarantineAfter = 3;

/** Which class an attempt belongs to, by its reason. */
const classes: Readonly<Record<FailureReason, AttemptClass>> = {
  preempted: "preempted",
  lost: "lost",
  quarantined: "lost",
  out_of_memory: "failed",
  data_unavailable: "failed",
  internal: "failed",
  unknown_operation: "failed",
  nan_loss: "failed",
  infeasible: "infeasible",
  timed_out: "timedOut",
};

/**
 * Reasons that another attempt would meet alike. Initial weights and batches are fixed by the lease's seed, so a loss that became NaN
 * once does so again.
 */
const finalReasons: readonly FailureReason[] = ["infeasible", "unknown_operation", "nan_loss", "quarantined"];

/** Whether a trial fails with the first attempt that ends for this reason. */
export function isFinal(reason: FailureReason): boolean {
  return finalReasons.includes(reason);
}

/** How a trial's attempts without a measurement have ended so far. */
export type AttemptCounts = Readonly<Record<AttemptClass, number>>;

/** What follows from the next attempt of a trial that ends without a measurement. */
export function judgeFailure(
  reason: FailureReason,
  before: AttemptCounts,
): { readonly retry: boolean; readonly counts: AttemptCounts } {
  const group = classes[reason];
  const counts = { ...before, [group]: before[group] + 1 };
  return { retry: !isFinal(reason) && counts[group] < retryBudgets[group], counts };
}
