import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { TrialRecord } from "../storage/storage.ts";
import type { JobPlan } from "./active-job.ts";
import { isFinal } from "./retry.ts";

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
      // Only the coordinator can tell.
      if (outcome.reason === "lost" || outcome.reason === "quarantined") {
        return { type: "malformed", detail: `a worker may not report the reason ${outcome.reason}` };
      }
      return { ...outcome, detail: outcome.detail.slice(0, maxDetailLength) };
    case "malformed":
      return outcome;
  }
}

/** The outcome of a draw of a supernet, which must name what the merge needs: without it, malformed. Any other comes back as it is. */
export function checkDraw({ spec }: JobPlan, row: TrialRecord | undefined, outcome: Outcome): Outcome {
  if (spec.evaluator.type !== "supernet" || row?.role !== "search" || outcome.type !== "measurement") return outcome;
  const { loss, trainLoss, update } = outcome.measurement;
  if (loss !== undefined && trainLoss !== undefined && update !== undefined) return outcome;
  return { type: "malformed", detail: "a draw of a supernet must have its loss, its train loss and its update" };
}

function findMistake({ accuracy, loss, steps, extra, trainLoss, update, weights }: Measurement): string | null {
  if (!(accuracy >= 0 && accuracy <= 1)) return `the accuracy must be from 0 to 1, not ${accuracy}`;
  if (loss !== undefined && !Number.isFinite(loss)) return `the loss must be finite, not ${loss}`;
  if (!Number.isInteger(steps) || steps < 0) return `the steps must be a whole number, not ${steps}`;
  if (trainLoss !== undefined && !Number.isFinite(trainLoss)) return `the train loss must be finite, not ${trainLoss}`;
  if (update !== undefined && !/^[0-9a-f]{64}$/.test(update.sha256))
    return "the update's hash must be 64 hexadecimal digits";
  if (weights !== undefined && !/^[0-9a-f]{64}$/.test(weights.sha256))
    return "the weights' hash must be 64 hexadecimal digits";
  const odd = Object.entries(extra).find(([, value]) => !Number.isFinite(value));
  return odd === undefined ? null : `the figure ${JSON.stringify(odd[0].slice(0, 100))} must be finite, not ${odd[1]}`;
}

/**
 * Whether a (checked) outcome counts although its lease has expired: the trial waits again, no later lease of it was given, and the
 * outcome settles it. It is the first word on this lease, the coordinator itself having ended it, and the trial's last lease is still
 * its newest, so the effect comes once all the same; to refuse it would throw a whole training away. A failure that would be tried
 * again changes nothing: its attempt is counted as lost already.
 */
export function isWelcomeLate(row: TrialRecord, token: number, outcome: Outcome): boolean {
  if (row.state !== "pending" || row.leaseToken !== token || row.failureReason !== "lost") return false;
  return outcome.type === "measurement" || (outcome.type === "failure" && isFinal(outcome.reason));
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
