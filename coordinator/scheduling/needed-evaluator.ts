import { finalTraining } from "../../network/evaluation.ts";
import type { JobSpec } from "../../spec/types.ts";

/**
 * What a worker must have registered to be leased a job's open trials. A final training needs more than one of the search: a worker that does
 * not know of weights to begin with, to keep and to learn from would leave them out without a word.
 */
export function neededEvaluator({ evaluator }: JobSpec, isFinal: boolean): string {
  return isFinal && (evaluator.type === "train" || evaluator.type === "supernet") ? finalTraining : evaluator.type;
}
