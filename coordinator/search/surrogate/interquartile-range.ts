import { quantile } from "../quantile.ts";

/** Distance between the quartiles, which are interpolated between neighbours; at least one value. */
export function interquartileRange(values: readonly number[]): number {
  return quantile(values, 0.75) - quantile(values, 0.25);
}
