import { namedStream, type Rng } from "../../coordinator/search/rng.ts";
import type { Seed } from "../../coordinator/search/types.ts";
import type { BenchProblem } from "./problem.ts";

/** Random networks that the size of the noise is fitted on. */
const sampleSize = 1000;

/** A standard normal number (Box and Muller, 1958). */
export function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
}

/** The noise of one network within one search: the same however often it is drawn. */
export function networkNoise(seed: Seed, arms: readonly number[], deviation: number): number {
  return deviation === 0 ? 0 : deviation * normal(namedStream(seed, `bench/noise/${arms.join(",")}`));
}

/**
 * The standard deviation of Gaussian noise (in accuracy) with which noisy and true values of random networks agree to this Kendall's tau,
 * above 0 and below 1. Fitted on fixed random networks with fixed noise, so it is a function of the problem.
 */
export function noiseDeviation({ randomNetwork, trueAccuracy }: BenchProblem, tau: number): number {
  const rng = namedStream(0, "bench/noise/fit");
  const truths = Array.from({ length: sampleSize }, () => trueAccuracy(randomNetwork(rng)) ?? 0);
  const noises = truths.map(() => normal(rng));
  let [low, high] = [1e-6, 10];
  while (high / low > 1.001) {
    const deviation = Math.sqrt(low * high);
    const agreement = kendall(
      truths,
      truths.map((truth, place) => truth + deviation * (noises[place] ?? 0)),
    );
    if (agreement > tau) low = deviation;
    else high = deviation;
  }
  return Math.sqrt(low * high);
}

/** Kendall's tau of two rankings over the pairs that the first tells apart: agreeing less disagreeing pairs, as a share of them. */
export function kendall(left: readonly number[], right: readonly number[]): number {
  let balance = 0;
  let pairs = 0;
  for (const [first, value] of left.entries()) {
    for (let second = 0; second < first; second++) {
      const difference = value - (left[second] ?? 0);
      if (difference === 0) continue;
      pairs++;
      const product = difference * ((right[first] ?? 0) - (right[second] ?? 0));
      balance += product > 0 ? 1 : product < 0 ? -1 : 0;
    }
  }
  return pairs === 0 ? 1 : balance / pairs;
}
