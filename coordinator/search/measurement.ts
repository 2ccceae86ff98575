import type { Measurement } from "../../network/measurement.ts";
import type { TrialOutcome } from "./types.ts";

/** How a trial ended, as the search may use it. */
export type EndedOutcome = Exclude<TrialOutcome, { type: "pending" }>;

/**
 * The outcome of a finished trial, fit to be kept as JSON: figures that are not finite are left out, and an accuracy that
 * is no fraction, 0 to 1, makes the trial a failed one, for it must neither be rewarded nor win. Adding 0 turns -0 into 0, as
 * JSON does.
 */
export function endedOutcome(outcome: EndedOutcome): EndedOutcome {
  if (outcome.type === "failed") return outcome;
  const { accuracy, loss, steps, extra, trainLoss, update, weights } = outcome.measurement;
  if (!(accuracy >= 0 && accuracy <= 1)) return { type: "failed", reason: "internal" };
  const measurement: Measurement = {
    accuracy: accuracy + 0,
    ...(loss !== undefined && Number.isFinite(loss) && { loss: loss + 0 }),
    steps,
    extra: Object.fromEntries(
      Object.entries(extra).flatMap(([name, value]) => (Number.isFinite(value) ? [[name, value + 0] as const] : [])),
    ),
    ...(trainLoss !== undefined && Number.isFinite(trainLoss) && { trainLoss: trainLoss + 0 }),
    ...(update !== undefined && { update }),
    ...(weights !== undefined && { weights }),
  };
  return { type: "completed", measurement };
}
