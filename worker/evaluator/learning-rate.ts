/** Longest warm-up, in steps, and its share of short trainings. */
const longestWarmUp = 100;
const warmUpShare = 0.1;

/**
 * Learning rate of a step (from 0): rises linearly over the first tenth of the steps (at most 100), then falls to zero along half a cosine
 * (arXiv 1608.03983, eq. 5, without restarts).
 */
export function learningRateAt(step: number, steps: number, peak: number): number {
  const warmUp = Math.min(longestWarmUp, Math.ceil(steps * warmUpShare));
  if (step < warmUp) return (peak * (step + 1)) / (warmUp + 1);
  return (peak / 2) * (1 + Math.cos((Math.PI * (step - warmUp)) / (steps - warmUp)));
}
