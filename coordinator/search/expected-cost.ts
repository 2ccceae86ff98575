import type { Cost } from "../../network/types.ts";
import { sampler, type Distribution } from "./distribution.ts";
import { namedStream } from "./rng.ts";
import type { Space } from "./space/space.ts";
import type { Estimate, ExpectedCost, Seed } from "./types.ts";

/** Samples of the estimate: the standard error is 3% of the distribution's standard deviation. */
const sampleCount = 1000;

/**
 * What a network drawn from the distribution costs on average: the mean of 1,000 samples from the stream "result/cost".
 * Samples whose cost is not known (table rows that are not listed) are left out.
 */
export function expectedCost(distribution: Distribution, space: Space, seed: Seed): ExpectedCost {
  const sample = sampler(distribution);
  const stream = namedStream(seed, "result/cost");
  const costs = Array.from({ length: sampleCount }, () => space.cost(sample(stream)) ?? {});
  return { macs: estimate(costs, "macs"), params: estimate(costs, "params") };
}

function estimate(costs: readonly Partial<Cost>[], figure: keyof Cost): Estimate | null {
  const values = costs.flatMap(({ [figure]: value }) => (value === undefined ? [] : [value]));
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: count === 1 ? null : Math.sqrt(squares / (count - 1) / count), samples: count };
}
