import { softmax } from "../log-sum-exp.ts";

/** Sharpest tempering that is tried, and how finely it is bisected. */
const largestSharpness = 1e9;
const bisections = 60;

/** How many equal weights are worth as much as these: 1 / Σ w², from 1 to their number. The weights sum to 1. */
export function effectiveSampleSize(weights: readonly number[]): number {
  return 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
}

/**
 * softmax(b · scores) with b ≥ 0 such that the effective sample size is `size`, found by bisection: no temperature to tune, whatever
 * the scale of the scores. Uniform where there are no more than `size` scores; where more than `size` of them share the
 * highest score, these alone, in equal parts.
 */
export function temperedWeights(scores: readonly number[], size: number): number[] {
  const weigh = (sharpness: number): number[] => softmax(scores.map((score) => sharpness * score));
  const isSharp = (sharpness: number): boolean => effectiveSampleSize(weigh(sharpness)) <= size;
  if (isSharp(0)) return weigh(0);
  let high = 1;
  while (high < largestSharpness && !isSharp(high)) high *= 4;
  let low = 0;
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2;
    if (isSharp(middle)) high = middle;
    else low = middle;
  }
  return weigh(high);
}
