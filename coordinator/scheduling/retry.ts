import type { FailureReason } from "../../network/measurement.ts";

/**
 * What a failed attempt means for its trial.
 * - `final`: another attempt would fail alike.
 * - `counted`: tried again until the attempts are used up.
 * - `free`: tried again, and not counted: it says nothing of the network.
 */
type RetryPolicy = "final" | "counted" | "free";

/** Initial weights and batches are fixed by the lease's seed, so a loss that became NaN once does so again. */
const policies: Readonly<Record<FailureReason, RetryPolicy>> = {
  infeasible: "final",
  unknown_operation: "final",
  nan_loss: "final",
  out_of_memory: "counted",
  timed_out: "counted",
  lost: "counted",
  data_unavailable: "counted",
  internal: "counted",
  preempted: "free",
};

/** Counted attempts after which a trial fails. */
export const maxAttempts = 3;

/** What follows from the next failed attempt of a trial with `attempts` counted before it. */
export function judgeFailure(
  reason: FailureReason,
  attempts: number,
): { readonly retry: boolean; readonly attempts: number } {
  switch (policies[reason]) {
    case "final":
      return { retry: false, attempts: attempts + 1 };
    case "counted":
      return { retry: attempts + 1 < maxAttempts, attempts: attempts + 1 };
    case "free":
      return { retry: true, attempts };
  }
}
