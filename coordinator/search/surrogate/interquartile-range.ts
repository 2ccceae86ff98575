/** Distance between the quartiles, which are interpolated between neighbours; at least one value. */
export function interquartileRange(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return quantile(sorted, 0.75) - quantile(sorted, 0.25);
}

function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (place - Math.floor(place)) * (above - below);
}
