import { uniformIndex, type Rng } from "../../../coordinator/search/rng.ts";
import type { BenchProblem } from "../problem.ts";
import type { Landscape } from "./landscape.ts";

/** Accuracies of random networks: mean and standard deviation as on tables of trainings, and a tail of bad ones. */
const accuracy = { mean: 0.9, deviation: 0.02, tail: 0.25 };

/** Random networks that mean and deviation of the scores are taken of. */
const sampleSize = 4000;

/**
 * Where no ranking of the space can be made, regrets stand in for it: what top 1% and top 0.1% are on tables is here a regret of at most
 * these shares of what the optimum is better than the mean network. Uniform draws get neither within 10,000 at 40 nats.
 */
export const regretShares = { top1: 0.1, top01: 0.05 };

/**
 * The problem of a landscape. Accuracy rises with the score z (in standard deviations from the mean of random networks), less and less:
 * c - d·exp(-z/4), whose mean is 0.9 and whose standard deviation is 0.02 where scores are normal.
 */
export function landscapeProblem(name: string, landscape: Landscape, rng: Rng): BenchProblem {
  const { space, cost, score, best } = landscape;
  const randomNetwork: BenchProblem["randomNetwork"] = (stream) =>
    space.choices.map(({ arms }) => uniformIndex(stream, arms.length));
  const scores = Array.from({ length: sampleSize }, () => score(randomNetwork(rng)));
  const mean = scores.reduce((sum, value) => sum + value, 0) / sampleSize;
  const deviation = Math.sqrt(scores.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sampleSize);
  // Mean and deviation of exp(-t·z) for normal z: those of a log-normal number.
  const middle = Math.exp(accuracy.tail ** 2 / 2);
  const scale = accuracy.deviation / (middle * Math.sqrt(Math.exp(accuracy.tail ** 2) - 1));
  const accuracyOf = (value: number): number =>
    accuracy.mean + scale * (middle - Math.exp((-accuracy.tail * (value - mean)) / deviation));
  const optimum = accuracyOf(score(best));
  const level = (share: number): number => optimum - share * (optimum - accuracy.mean);
  return {
    name,
    space,
    cost,
    optimum,
    levels: { top1: level(regretShares.top1), top01: level(regretShares.top01) },
    randomNetwork,
    trueAccuracy: (arms) => accuracyOf(score(arms)),
  };
}
