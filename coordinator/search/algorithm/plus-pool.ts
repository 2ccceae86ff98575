import { mode, sampler, type Distribution } from "../distribution.ts";
import { uniformIndex, type Rng } from "../rng.ts";
import type { Posterior } from "../surrogate/gaussian-process.ts";
import { temperedWeights } from "../surrogate/tempered-weights.ts";
import { interquartileRange } from "../surrogate/interquartile-range.ts";
import type { Problem } from "./algorithm.ts";
import { armsKey, type Entry, type Measured } from "./archive.ts";
import { moveTowards } from "./mixture.ts";
import type { PlusSettings } from "./plus-settings.ts";

/** A distinct sample of the pool, judged by the surrogate. */
export interface PoolSample {
  readonly arms: readonly number[];
  /** How often it was drawn. */
  readonly times: number;
  /** In normal scores of the accuracy. */
  readonly mean: number;
}

/** Choices of a pool sample that are drawn from the uniform distribution at most, on average: more would leave nothing of the others in large spaces. */
const uniformChoices = 1.2;

/** Largest cost penalty, in standard deviations of the normal scores: enough to rule a network out. */
const maxPenalty = 8;

/**
 * Draws the pool and has it judged. Each choice of a sample is the distribution's or, with a small probability, uniform: choice by
 * choice in joint slots too, where a slot drawn anew as a whole would lose all that is known of its block.
 */
export function drawPool(
  distribution: Distribution,
  { pool, uniformShare }: PlusSettings,
  sizes: readonly number[],
  surrogate: Posterior,
  rng: Rng,
): PoolSample[] {
  const share = Math.min(uniformShare, uniformChoices / sizes.length);
  const sampleSlots = sampler(distribution);
  const sample = (stream: Rng): number[] =>
    sampleSlots(stream).map((arm, choice) =>
      stream.uniform() < share ? uniformIndex(stream, sizes[choice] ?? 1) : arm,
    );
  const counts = new Map<string, { arms: readonly number[]; times: number }>();
  for (let draw = 0; draw < pool; draw++) {
    const arms = sample(rng);
    const key = armsKey(arms);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { arms, times: 1 });
    else known.times++;
  }
  const near = surrogate.agreements(mode(distribution));
  return [...counts.values()].map(({ arms, times }) => ({
    arms,
    times,
    mean: surrogate.mean(surrogate.agreements(arms, near)),
  }));
}

/**
 * The M-step of the empirical-Bayes bound, with log-likelihood b · mean: π ← (1 - η) π + η Σ_j w_j · onehot(X_j) over the pool.
 * What a sample's cost exceeds the targets by is exact, and subtracted from its mean.
 */
export function learnFromPool(
  distribution: Distribution,
  pool: readonly PoolSample[],
  results: readonly Measured<Entry>[],
  { eta, sampleShare, pool: size }: PlusSettings,
  problem: Problem,
): Distribution {
  const scale = interquartileRange(results.map(({ score }) => score.merit)) / 1.349;
  const draws = pool.flatMap(({ arms, times, mean }) => {
    const value = mean - costPenalty(problem, arms, scale);
    return Array.from({ length: times }, () => ({ arms, value }));
  });
  const weights = temperedWeights(
    draws.map(({ value }) => value),
    Math.max(2, sampleShare * size),
  );
  return moveTowards(
    distribution,
    draws.map(({ arms }, draw) => ({ arms, weight: weights[draw] ?? 0 })),
    eta,
  );
}

/** The weighted hinge in standard deviations of the accuracy, whose robust estimate is 0 where most results are alike. */
function costPenalty(problem: Problem, arms: readonly number[], scale: number): number {
  const hinge = problem.hinge(arms);
  if (hinge === 0) return 0;
  return hinge === undefined ? maxPenalty : Math.min(maxPenalty, (problem.beta * hinge) / scale);
}
