import { likeliestKernel, posterior } from "../surrogate/gaussian-process.ts";
import { normalScores } from "../surrogate/normal-scores.ts";
import { bestAndNewest, measuredOnly, type Entry } from "./archive.ts";

/** Results that the kernel is fitted to at most, as between rounds. */
const fitCap = 200;

/**
 * The evaluated sample of the highest posterior mean, of equals the earliest, by a Gaussian process over all results of the archive,
 * whichever their phase, with kernel and noise as they fit best. Samples that meet the cost targets go first; where none does, those of
 * the lowest hinge. Null before two results: they say nothing of the noise.
 */
export function recommendPlus(archive: readonly Entry[]): readonly number[] | null {
  const results = measuredOnly(archive);
  if (results.length < 2) return null;
  const some = bestAndNewest(results, fitCap, ({ score }) => score.accuracy);
  const kernel = likeliestKernel(
    some.map(({ arms }) => arms),
    normalScores(some.map(({ score }) => score.accuracy)),
  );
  const surrogate = posterior(
    results.map(({ arms }) => arms),
    normalScores(results.map(({ score }) => score.accuracy)),
    kernel,
  );
  const lowest = Math.min(...results.map(({ score }) => score.hinge));
  const samples = results.flatMap(({ arms, score }) => (score.hinge === lowest ? [arms] : []));
  const means = surrogate.predict(samples).map(({ mean }) => mean);
  return samples[means.indexOf(Math.max(...means))] ?? null;
}
