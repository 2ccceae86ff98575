import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";

const resamples = 10_000;

/** An estimate with its 95% interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/** Two-sided 95% quantiles of Student's t with 1, 2, .. degrees of freedom. */
const studentQuantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** The mean of independent values with Student's interval; infinite of one value. At most ten values. */
export function meanInterval(values: readonly number[]): Interval {
  const value = mean(values);
  const variance = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (values.length - 1);
  const quantile = studentQuantiles[values.length - 2] ?? NaN;
  const half = values.length < 2 ? Infinity : quantile * Math.sqrt(variance / values.length);
  return { value, low: value - half, high: value + half };
}

/** Kendall's tau-b of two rankings (Kendall 1945): pairs that agree less those that do not, corrected for ties in either. */
export function tauB(left: readonly number[], right: readonly number[]): number {
  let [balance, leftPairs, rightPairs] = [0, 0, 0];
  for (let second = 1; second < left.length; second += 1) {
    for (let first = 0; first < second; first += 1) {
      const a = Math.sign((left[second] ?? 0) - (left[first] ?? 0));
      const b = Math.sign((right[second] ?? 0) - (right[first] ?? 0));
      balance += a * b;
      leftPairs += Math.abs(a);
      rightPairs += Math.abs(b);
    }
  }
  return balance / Math.sqrt(leftPairs * rightPairs);
}

/** Kendall's tau-b with the percentiles 2.5 and 97.5 of 10,000 bootstrap samples of the pairs, by a fixed seed. */
export function tauInterval(left: readonly number[], right: readonly number[]): Interval {
  const rng = namedStream(0, "bench/supernet/bootstrap");
  const taus = Array.from({ length: resamples }, () => {
    const places = left.map(() => uniformIndex(rng, left.length));
    return tauB(
      places.map((place) => left[place] ?? 0),
      places.map((place) => right[place] ?? 0),
    );
  }).sort((a, b) => a - b);
  const at = (share: number): number => taus[Math.floor(share * resamples)] ?? NaN;
  return { value: tauB(left, right), low: at(0.025), high: at(0.975) };
}
