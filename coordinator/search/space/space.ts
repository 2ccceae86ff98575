import type { Cost, Network } from "../../../network/types.ts";
import type { Supernet } from "./supernet.ts";

/** One decision of a search space. */
export interface Choice {
  /** Unique within the space, such as "block2.kernel". */
  readonly name: string;
  /** Label of each arm, at least one. */
  readonly arms: readonly string[];
  /** Choices of equal block are merged into one joint slot by a stage with `slots: block`. */
  readonly block: string;
}

/**
 * All architectures of a job. Pure and immutable: equal arms always give equal networks.
 * A sample is one arm index for each choice, in the order of `choices`.
 */
export interface Space {
  readonly name: string;
  /** At least one. */
  readonly choices: readonly Choice[];
  /** The concrete, canonical network. Samples that mean the same network give equal (same hash) networks. */
  decode(arms: readonly number[]): Network;
  /** Analytic cost; undefined where none is known (a table row that is not listed), and without the figures that a table's row leaves out. */
  cost(arms: readonly number[]): Partial<Cost> | undefined;
  /** Whether `cost` tells this figure of any network. */
  knows(figure: keyof Cost): boolean;
  /** The sample of the most MACs; undefined where no MACs are known. */
  largest(): readonly number[] | undefined;
  /** How its networks share weights; absent where they are no graphs. */
  readonly supernet?: () => Supernet;
}
