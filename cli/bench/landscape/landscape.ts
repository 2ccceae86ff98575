import type { Space } from "../../../coordinator/search/space/space.ts";
import type { CostSpec } from "../../../coordinator/search/types.ts";

/** A made-up function over a space whose highest value is known: exactly, by dynamic programming. */
export interface Landscape {
  readonly space: Space;
  /** Cost targets; null where cost does not count. */
  readonly cost: CostSpec | null;
  /** Any number: only differences count. */
  readonly score: (arms: readonly number[]) => number;
  /** A sample of the highest score that meets the targets. */
  readonly best: readonly number[];
}

/** Random tables of a landscape: normal numbers, a function of the landscape's name and seed alone. */
export type NormalTable = (name: string, size: number) => readonly number[];
