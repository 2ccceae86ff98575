import type { EvaluatorSpec } from "./types.ts";

/** The algorithm that `auto` stands for, and why, as a clause for people. */
export interface AlgorithmChoice {
  readonly name: string;
  readonly reason: string;
}

const worth: Readonly<Record<Exclude<EvaluatorSpec["type"], "supernet">, string>> = {
  train: "separate trainings are dear",
  command: "separate trainings are dear",
  tabular: "a table stands for separate trainings, which are dear",
};

/**
 * Chooses the algorithm of a job that names none: the one that was measured to need the fewest evaluations (docs/algorithms.md).
 * @param nats entropy of the uniform distribution over the space.
 */
export function chooseAlgorithm(nats: number, evaluator: EvaluatorSpec["type"]): AlgorithmChoice {
  if (evaluator === "supernet") {
    return {
      name: "fp-nas",
      reason: "default: shared weights are learned along with the distribution, as it was made for",
    };
  }
  const reason = `default: ${worth[evaluator]}, and its surrogate needs few of them in a space of ${nats.toFixed(1)} nats`;
  return { name: "fp-nas-plus", reason };
}
