import { bestOfChain } from "./chain.ts";
import type { Landscape, NormalTable } from "./landscape.ts";
import type { Choice } from "../../../coordinator/search/space/space.ts";
import { plainSpace } from "./random-space.ts";

/** How unequal choices are: their weights are e to the power of normal numbers of this deviation. */
const weightSpread = 0.5;

/** Standard deviation of a pair's part beside that of a choice's of weight 1. */
const pairShare = 0.6;

/**
 * Additive + pairwise: each arm adds its own share, and each pair of neighbouring choices one that depends on both arms. Choices differ in
 * weight; about a quarter of the variance lies in the pairs.
 */
export function additiveLandscape(name: string, choices: readonly Choice[], normals: NormalTable): Landscape {
  const sizes = choices.map(({ arms }) => arms.length);
  const weights = normals("weights", sizes.length).map((value) => Math.exp(weightSpread * value));
  const own = sizes.map((size, choice) =>
    normals(`own/${String(choice)}`, size).map((value) => (weights[choice] ?? 1) * value),
  );
  const pairs = sizes.map((size, choice) =>
    normals(`pair/${String(choice)}`, (sizes[choice - 1] ?? 0) * size).map((value) => pairShare * value),
  );
  const gain = (choice: number, before: number, arm: number): number =>
    (own[choice]?.[arm] ?? NaN) + (choice === 0 ? 0 : (pairs[choice]?.[before * (sizes[choice] ?? 0) + arm] ?? NaN));
  return {
    space: plainSpace(name, choices),
    cost: null,
    score: (arms) => arms.reduce((sum, arm, choice) => sum + gain(choice, arms[choice - 1] ?? 0, arm), 0),
    best: bestOfChain({ sizes, views: (choice) => sizes[choice] ?? 0, view: (_, arm) => arm, gain }),
  };
}
