/** Coefficients of Acklam's rational approximation of the normal quantile (relative error below 1.2e-9), highest power first. */
const centralTop = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const centralBottom = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const tailTop = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailBottom = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

/** Below this probability, and above its mirror image, the tail's form holds. */
const tailShare = 0.02425;

/** Φ⁻¹, the quantile of the standard normal distribution; exactly 0 at one half. @param probability strictly between 0 and 1. */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability < tailShare) {
    const root = Math.sqrt(-2 * Math.log(probability));
    return polynomial(tailTop, root) / polynomial(tailBottom, root);
  }
  const offset = probability - 0.5;
  const square = offset * offset;
  return (offset * polynomial(centralTop, square)) / polynomial(centralBottom, square) + 0;
}

/**
 * The normal score of each value's rank, free of scale: Φ⁻¹(u) with
 * u = (less + equal / 2) / n · (1 - 1 / (n + 1)) + 1 / (2n + 2), where `equal` counts the value itself. Equal values get equal scores.
 */
export function normalScores(values: readonly number[]): number[] {
  const sorted = [...values].sort((left, right) => left - right);
  const count = values.length;
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  sorted.forEach((value, place) => {
    if (!first.has(value)) first.set(value, place);
    last.set(value, place);
  });
  return values.map((value) => {
    const less = first.get(value) ?? 0;
    const middle = (less + (last.get(value) ?? 0) + 1) / 2;
    return normalQuantile((middle / count) * (1 - 1 / (count + 1)) + 0.5 / (count + 1));
  });
}

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}
