/**
 * Quantile of sorted or unsorted values by linear interpolation between the two nearest (R's type 7, NumPy's default).
 * Infinity stands for "not reached": a quantile that leans on one is Infinity. NaN where there are no values.
 */
export function quantile(values: Iterable<number>, share: number): number {
  const sorted = [...values].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  const weight = place - Math.floor(place);
  return weight === 0 || low === high ? low : low + weight * (high - low);
}

export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}
