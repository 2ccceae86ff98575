import { softmax } from "../log-sum-exp.ts";

/** Sharpest tempering that is tried. */
const largestSharpness = 1e9;

/** Guesses at most, and the relative difference of two that ends them. */
const guesses = 60;
const tolerance = 1e-13;

/**
 * softmax(b · scores) with b ≥ 0 such that the effective sample size, 1 / Σ w², is `size`: no temperature to tune, whatever
 * the scale of the scores. Uniform where there are no more than `size` scores; where more than `size` of them share the
 * highest score, these alone, in equal parts.
 */
export function temperedWeights(scores: readonly number[], size: number): number[] {
  const weigh = (sharpness: number): number[] => softmax(scores.map((score) => sharpness * score));
  if (scores.length <= size) return weigh(0);
  const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  return weigh(
    sharpnessFor(
      Float64Array.from(scores, (score) => score - highest),
      size,
    ),
  );
}

/** Finds the b of `temperedWeights` by Newton's method, kept within a bracket by bisection. @param below scores less the highest. */
function sharpnessFor(below: Float64Array, size: number): number {
  let [low, high] = [0, 1];
  while (high < largestSharpness && surplus(below, high, size).value > 0) high *= 4;
  let guess = high;
  for (let step = 0; step < guesses; step++) {
    const { value, slope } = surplus(below, guess, size);
    if (value > 0) low = guess;
    else high = guess;
    const newton = guess - value / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - guess) <= tolerance * guess) return next;
    guess = next;
  }
  return high;
}

/** ln of the effective sample size (1 / Σ w²) of softmax(b · scores) over `size`, which falls as b grows, and its derivative by b. */
function surplus(
  below: Float64Array,
  sharpness: number,
  size: number,
): { readonly value: number; readonly slope: number } {
  let [sum, squares, sumSlope, squaresSlope] = [0, 0, 0, 0];
  for (const score of below) {
    const part = Math.exp(sharpness * score);
    sum += part;
    squares += part * part;
    sumSlope += score * part;
    squaresSlope += score * part * part;
  }
  const value = 2 * Math.log(sum) - Math.log(squares) - Math.log(size);
  return { value, slope: 2 * (sumSlope / sum - squaresSlope / squares) };
}
