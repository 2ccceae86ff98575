import type { Choice } from "../space/space.ts";
import { measuredOnly, type Entry } from "./archive.ts";
import { fitKernel, fitSurrogate, leastResults } from "./plus-surrogate.ts";

/**
 * The evaluated sample of the highest posterior mean, of equals the earliest, by the surrogate over the archive's results, with kernel and
 * noise as they fit best. Samples that meet the cost targets go first; where none does, those of the lowest hinge. Null before two
 * results: they say nothing of the noise.
 */
export function recommendPlus(archive: readonly Entry[], choices: readonly Choice[]): readonly number[] | null {
  const results = measuredOnly(archive);
  if (results.length < leastResults) return null;
  const surrogate = fitSurrogate(results, fitKernel(results, choices), choices, []);
  const lowest = Math.min(...results.map(({ score }) => score.hinge));
  const samples = results.flatMap(({ arms, score }) => (score.hinge === lowest ? [arms] : []));
  const means = samples.map((arms) => surrogate.mean(surrogate.agreements(arms)));
  return samples[means.indexOf(Math.max(...means))] ?? null;
}
