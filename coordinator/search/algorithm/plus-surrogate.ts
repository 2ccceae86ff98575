import type { Choice } from "../space/space.ts";
import { sampleTable } from "../surrogate/agreement.ts";
import type { ArmKernel } from "../surrogate/arm-kernel.ts";
import { likeliestKernel, posterior, type Posterior } from "../surrogate/gaussian-process.ts";
import { normalScores } from "../surrogate/normal-scores.ts";
import { bestAndNewest, type Entry, type Measured } from "./archive.ts";

/** Fewest results that a surrogate says anything of. */
export const leastResults = 2;

/** Results that the surrogate is conditioned on at most, and those its kernel is fitted to: a step's time grows with their cubes. */
const resultCap = 256;
const fitCap = 128;

/** Number of arms of each choice. */
export function armCounts(choices: readonly Choice[]): number[] {
  return choices.map(({ arms }) => arms.length);
}

/** Fits kernel and noise to the accuracies of results, as normal scores of their ranks. */
export function fitKernel(results: readonly Measured<Entry>[], choices: readonly Choice[]): ArmKernel {
  const some = surrogateResults(results, fitCap);
  return likeliestKernel(sampleTable(armsOf(some), armCounts(choices)), scoresOf(some));
}

/** The surrogate of the accuracies of results, as normal scores of their ranks. @param pending samples under way. */
export function fitSurrogate(
  results: readonly Measured<Entry>[],
  kernel: ArmKernel,
  choices: readonly Choice[],
  pending: readonly (readonly number[])[],
): Posterior {
  const some = surrogateResults(results, resultCap);
  const known = [...armsOf(some), ...pending.slice(0, resultCap)];
  return posterior(sampleTable(known, armCounts(choices)), scoresOf(some), kernel);
}

function surrogateResults(results: readonly Measured<Entry>[], cap: number): readonly Measured<Entry>[] {
  return bestAndNewest(results, cap, ({ score }) => score.merit);
}

function armsOf(results: readonly Entry[]): (readonly number[])[] {
  return results.map(({ arms }) => arms);
}

function scoresOf(results: readonly Measured<Entry>[]): number[] {
  return normalScores(results.map(({ score }) => score.merit));
}
