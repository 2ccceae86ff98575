import { hinge } from "../../coordinator/search/reward.ts";
import type { Rng } from "../../coordinator/search/rng.ts";
import type { Space } from "../../coordinator/search/space/space.ts";
import type { CostSpec } from "../../coordinator/search/types.ts";

/** A search problem whose every answer can be judged: the true accuracies are known, and so is the best of them. */
export interface BenchProblem {
  /** Name of the table or landscape. */
  readonly name: string;
  readonly space: Space;
  /** Cost targets; null where cost does not count. */
  readonly cost: CostSpec | null;
  /** The highest true accuracy (a fraction) of a network that meets the targets. */
  readonly optimum: number;
  /** Lowest true accuracy of a network that counts as top 1%, and as top 0.1%. */
  readonly levels: { readonly top1: number; readonly top01: number };
  /** A random network that is not infeasible, all alike. */
  readonly randomNetwork: (rng: Rng) => readonly number[];
  /** The true accuracy of a sample; undefined where its network is infeasible. */
  readonly trueAccuracy: (arms: readonly number[]) => number | undefined;
}

/** What a sample is worth as an answer: its true accuracy; -Infinity where it is infeasible or misses a cost target. */
export function worth({ space, cost, trueAccuracy }: BenchProblem, arms: readonly number[]): number {
  const accuracy = trueAccuracy(arms);
  if (accuracy === undefined) return -Infinity;
  return cost === null || hinge(space.cost(arms), cost) === 0 ? accuracy : -Infinity;
}
