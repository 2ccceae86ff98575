/** ln Σ exp(values) without overflow; -Infinity for no values or where every value is -Infinity. */
export function logSumExp(values: readonly number[]): number {
  let highest = -Infinity;
  for (const value of values) highest = Math.max(highest, value);
  if (!Number.isFinite(highest)) return highest;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
}

/** Logarithms of the softmax. A value of -Infinity keeps probability 0; uniform where every value is -Infinity. */
export function logSoftmax(values: readonly number[]): number[] {
  const total = logSumExp(values);
  if (total === -Infinity) return values.map(() => -Math.log(values.length));
  return values.map((value) => value - total);
}

/** Probabilities proportional to exp(values), as `logSoftmax`; n equal values get exactly 1 / n each. */
export function softmax(values: readonly number[]): number[] {
  const highest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (highest === -Infinity) return values.map(() => 1 / values.length);
  const parts = values.map((value) => Math.exp(value - highest));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}
