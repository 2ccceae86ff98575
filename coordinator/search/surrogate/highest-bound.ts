import type { Judged } from "./climb.ts";
import { lanes } from "./cholesky.ts";
import type { Posterior } from "./gaussian-process.ts";

interface Bounded {
  readonly arms: readonly number[];
  readonly bound: number;
}

/**
 * The `count` acceptable candidates of highest mean + confidence × deviation, highest first. Deviations are dear, and none is above
 * that of the process: candidates whose mean is too low for a place are asked neither for theirs nor whether they are acceptable.
 */
export function highestBounds(
  candidates: readonly Judged[],
  count: number,
  surrogate: Posterior,
  confidence: number,
  accepts: (arms: readonly number[]) => boolean = () => true,
): (readonly number[])[] {
  const near = candidates[0] && surrogate.agreements(candidates[0].arms);
  const most = confidence * Math.sqrt(surrogate.variance);
  let best: Bounded[] = [];
  let batch: Judged[] = [];
  const takeBatch = (): void => {
    const deviations = surrogate.deviations(batch.map(({ arms }) => surrogate.agreements(arms, near)));
    const bounds = batch.map(({ arms, mean }, lane) => ({ arms, bound: mean + confidence * (deviations[lane] ?? 0) }));
    best = [...best, ...bounds].sort((left, right) => right.bound - left.bound).slice(0, count);
    batch = [];
  };
  for (const candidate of [...candidates].sort((left, right) => right.mean - left.mean)) {
    const last = best[count - 1];
    if (last !== undefined && candidate.mean + most < last.bound) break;
    if (!accepts(candidate.arms)) continue;
    batch.push(candidate);
    if (batch.length === lanes) takeBatch();
  }
  takeBatch();
  return best.map(({ arms }) => arms);
}
