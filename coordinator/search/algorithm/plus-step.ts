import { entropy, mode, type Distribution } from "../distribution.ts";
import { reward } from "../reward.ts";
import type { Rng } from "../rng.ts";
import { climb, type Judged } from "../surrogate/climb.ts";
import type { Posterior } from "../surrogate/gaussian-process.ts";
import { highestBounds } from "../surrogate/highest-bound.ts";
import type { Ahead, Problem } from "./algorithm.ts";
import { armsKey, measuredOnly, type Entry, type Measured } from "./archive.ts";
import { meetsTargets } from "./meets-targets.ts";
import { drawPool, learnFromPool } from "./plus-pool.ts";
import type { PlusSettings } from "./plus-settings.ts";
import type { PlusState } from "./plus-state.ts";
import { armCounts, fitKernel, fitSurrogate, leastResults } from "./plus-surrogate.ts";
import { seenKeys } from "./unseen.ts";

/** One step between two rounds: surrogate, pool, empirical-Bayes step on the distribution, choice of the next draws. */
export function stepPlus(
  state: PlusState,
  chosen: PlusSettings,
  problem: Problem,
  rng: Rng,
  { pending, room }: Ahead,
): PlusState {
  const results = measuredOnly(state.archive);
  if (results.length < leastResults) return { ...state, next: { ...state.next, samples: [] } };
  const known = state.sinceFit < chosen.refit ? state.kernel : null;
  const kernel = known ?? fitKernel(results, problem.choices);
  const surrogate = fitSurrogate(results, kernel, problem.choices, pending);
  const pool = drawPool(state.distribution, chosen, armCounts(problem.choices), surrogate, rng);
  const distribution = learnFromPool(state.distribution, pool, results, chosen, problem);
  const climbed = climbAll(results, distribution, surrogate, chosen, problem, rng);
  const count = drawsOf(entropy(distribution), chosen);
  const candidates = unseen([...pool, ...climbed], seenKeys(state.archive, pending));
  const samples = chooseNext(candidates, Math.max(count, room), surrogate, chosen, problem);
  return { ...state, distribution, kernel, sinceFit: known === null ? 0 : state.sinceFit, next: { count, samples } };
}

/** K = clip(round(λ·H), kMin, kMax). */
function drawsOf(nats: number, { lambda, kMin, kMax }: PlusSettings): number {
  return Math.min(kMax, Math.max(kMin, Math.round(lambda * nats)));
}

/** Climbs from the best results and from the distribution's mode, over networks that meet the cost targets. */
function climbAll(
  results: readonly Measured<Entry>[],
  distribution: Distribution,
  surrogate: Posterior,
  { climbs }: PlusSettings,
  problem: Problem,
  rng: Rng,
): Judged[] {
  if (climbs === 0) return [];
  const rewards = new Map(results.map((entry) => [entry, reward(entry.score, problem.beta)] as const));
  const best = [...results].sort((left, right) => (rewards.get(right) ?? 0) - (rewards.get(left) ?? 0));
  const starts = [...best.slice(0, climbs).map(({ arms }) => arms), mode(distribution)];
  const sizes = armCounts(problem.choices);
  return starts.flatMap((start) => climb(start, surrogate, sizes, (arms) => meetsTargets(problem, arms), rng));
}

/** Each sample that is not among the taken, once. */
function unseen(samples: readonly Judged[], taken: Set<string>): Judged[] {
  return samples.filter(({ arms }) => {
    const key = armsKey(arms);
    return !taken.has(key) && taken.add(key);
  });
}

/** The most promising that meet the cost targets; others only where there are not enough of these. */
function chooseNext(
  candidates: readonly Judged[],
  count: number,
  surrogate: Posterior,
  { confidence }: PlusSettings,
  problem: Problem,
): (readonly number[])[] {
  const accepts = (arms: readonly number[]): boolean => meetsTargets(problem, arms);
  const samples = highestBounds(candidates, count, surrogate, confidence, accepts);
  if (samples.length >= count) return samples;
  const others = candidates.filter(({ arms }) => !accepts(arms));
  return [...samples, ...highestBounds(others, count - samples.length, surrogate, confidence)];
}
