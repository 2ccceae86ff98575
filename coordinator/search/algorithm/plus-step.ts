import { entropy, sampler } from "../distribution.ts";
import type { Rng } from "../rng.ts";
import { temperedWeights } from "../surrogate/effective-sample-size.ts";
import { likeliestKernel, posterior, type Prediction } from "../surrogate/gaussian-process.ts";
import { interquartileRange } from "../surrogate/interquartile-range.ts";
import type { MatchKernel } from "../surrogate/match-kernel.ts";
import { normalScores } from "../surrogate/normal-scores.ts";
import type { Ahead, Problem } from "./algorithm.ts";
import { armsKey, bestAndNewest, type Measured } from "./archive.ts";
import { mixUniform, moveTowards } from "./mixture.ts";
import { phaseResults, type PlusEntry, type PlusState } from "./plus-phase.ts";
import type { PlusSettings } from "./plus-settings.ts";
import { seenKeys } from "./unseen.ts";

/** Results that the kernel is fitted to at most: its sixteen factorizations grow with their cube. */
const fitCap = 200;

/** Largest cost penalty, in standard deviations of the normal scores: enough to rule a network out. */
const maxPenalty = 8;

/** A distinct sample of the pool. */
interface PoolSample {
  readonly arms: readonly number[];
  /** How often it was drawn. */
  readonly times: number;
}

/** One step between two rounds: surrogate, pool, empirical-Bayes step on the distribution, choice of the next draws. */
export function stepPlus(
  state: PlusState,
  chosen: PlusSettings,
  problem: Problem,
  rng: Rng,
  { pending, room }: Ahead,
): PlusState {
  const results = phaseResults(state);
  if (results.length < 2) return { ...state, next: { count: chosen.n0, samples: [] } };
  const fitted = fitKernel(state, results, chosen);
  const pool = drawPool(state, chosen, rng);
  const predictions = predict(results, fitted.kernel, pool, problem);
  const distribution = learn(state, pool, predictions, chosen);
  const count = drawsOf(entropy(distribution), chosen);
  const seen = seenKeys(state.archive, pending);
  const candidates = pool.flatMap(({ arms }, index) => {
    const { mean, deviation } = predictions[index] ?? { mean: -Infinity, deviation: 0 };
    return seen.has(armsKey(arms)) ? [] : [{ arms, value: mean + chosen.confidence * deviation }];
  });
  candidates.sort((left, right) => right.value - left.value);
  const samples = candidates.slice(0, Math.max(count, room)).map(({ arms }) => arms);
  return { ...state, ...fitted, distribution, next: { count, samples } };
}

/** K = clip(round(λ·H), kMin, kMax). */
function drawsOf(nats: number, { lambda, kMin, kMax }: PlusSettings): number {
  return Math.min(kMax, Math.max(kMin, Math.round(lambda * nats)));
}

function fitKernel(
  { kernel, sinceFit }: PlusState,
  results: readonly Measured<PlusEntry>[],
  { refit }: PlusSettings,
): { readonly kernel: MatchKernel; readonly sinceFit: number } {
  if (kernel !== null && sinceFit < refit) return { kernel, sinceFit };
  const some = bestAndNewest(results, fitCap, ({ score }) => score.accuracy);
  const samples = some.map(({ arms }) => arms);
  return { kernel: likeliestKernel(samples, normalScores(some.map(({ score }) => score.accuracy))), sinceFit: 0 };
}

function drawPool({ distribution }: PlusState, { pool, uniformShare }: PlusSettings, rng: Rng): PoolSample[] {
  const sample = sampler(mixUniform(distribution, uniformShare));
  const counts = new Map<string, { arms: readonly number[]; times: number }>();
  for (let draw = 0; draw < pool; draw++) {
    const arms = sample(rng);
    const key = armsKey(arms);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { arms, times: 1 });
    else known.times++;
  }
  return [...counts.values()];
}

/** The surrogate's word on the pool, in normal scores of the accuracy; what cost exceeds the targets is exact, and subtracted. */
function predict(
  results: readonly Measured<PlusEntry>[],
  kernel: MatchKernel,
  pool: readonly PoolSample[],
  problem: Problem,
): Prediction[] {
  const accuracies = results.map(({ score }) => score.accuracy);
  const surrogate = posterior(
    results.map(({ arms }) => arms),
    normalScores(accuracies),
    kernel,
  );
  const scale = interquartileRange(accuracies) / 1.349;
  return surrogate.predict(pool.map(({ arms }) => arms)).map(({ mean, deviation }, index) => {
    const excess = problem.hinge(pool[index]?.arms ?? []);
    return { mean: mean - costPenalty(excess === undefined ? Infinity : problem.beta * excess, scale), deviation };
  });
}

/** The weighted hinge in standard deviations of the accuracy, whose robust estimate is 0 where most results are alike. */
function costPenalty(excess: number, scale: number): number {
  return excess === 0 ? 0 : Math.min(maxPenalty, excess / scale);
}

/** The M-step of the empirical-Bayes bound, with log-likelihood b · mean: π ← (1 - η) π + η Σ_j w_j · onehot(X_j). */
function learn(
  { distribution }: PlusState,
  pool: readonly PoolSample[],
  predictions: readonly Prediction[],
  { eta, sampleShare, pool: size }: PlusSettings,
): PlusState["distribution"] {
  const draws = pool.flatMap(({ arms, times }, index) =>
    Array.from({ length: times }, () => ({ arms, mean: predictions[index]?.mean ?? 0 })),
  );
  const weights = temperedWeights(
    draws.map(({ mean }) => mean),
    Math.max(2, sampleShare * size),
  );
  return moveTowards(
    distribution,
    draws.map(({ arms }, draw) => ({ arms, weight: weights[draw] ?? 0 })),
    eta,
  );
}
