import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { TrialRecord } from "../storage/storage.ts";

/** How a worker says that a lease ended. */
export type Outcome =
  | { readonly type: "measurement"; readonly measurement: Measurement }
  | { readonly type: "failure"; readonly reason: FailureReason; readonly detail: string }
  /** Neither of both, or a failure of no known reason. */
  | { readonly type: "malformed"; readonly detail: string };

/** What became of an outcome (OutcomeAck.Verdict). */
export type Verdict = "accepted" | "stale" | "rejected";

/** The longest detail that is kept. */
const maxDetailLength = 2000;

/** The outcome as it is applied: measurements that cannot be are malformed, details are cut to their limit. */
export function checkOutcome(outcome: Outcome): Outcome {
  switch (outcome.type) {
    case "measurement": {
      const mistake = findMistake(outcome.measurement);
      return mistake === null ? outcome : { type: "malformed", detail: mistake };
    }
    case "failure":
      // Only the coordinator can tell that a lease was lost.
      if (outcome.reason === "lost") return { type: "malformed", detail: "a worker may not report the reason lost" };
      return { ...outcome, detail: outcome.detail.slice(0, maxDetailLength) };
    case "malformed":
      return outcome;
  }
}

function findMistake({ accuracy, loss, steps, extra }: Measurement): string | null {
  if (!(accuracy >= 0 && accuracy <= 1)) return `the accuracy must be from 0 to 1, not ${accuracy}`;
  if (loss !== undefined && !Number.isFinite(loss)) return `the loss must be finite, not ${loss}`;
  if (!Number.isInteger(steps) || steps < 0) return `the steps must be a whole number, not ${steps}`;
  const odd = Object.entries(extra).find(([, value]) => !Number.isFinite(value));
  return odd === undefined ? null : `the figure ${JSON.stringify(odd[0].slice(0, 100))} must be finite, not ${odd[1]}`;
}

/**
 * What to answer to a (checked) outcome of a lease that is not open: whether it repeats the one that ended the lease, which has had
 * its effect, or comes too late. Nothing changes either way.
 */
export function judgeRepeat(row: TrialRecord | null, token: number, outcome: Outcome): Verdict {
  if (row?.leaseToken !== token || row.state === "leased" || row.state === "cancelled") return "stale";
  switch (outcome.type) {
    case "measurement":
      return row.state === "completed" ? "accepted" : "stale";
    case "failure":
      return row.failureReason === outcome.reason ? "accepted" : "stale";
    case "malformed":
      return row.state === "failed" && row.failureReason === "internal" ? "rejected" : "stale";
  }
}
