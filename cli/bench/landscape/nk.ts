import type { Choice } from "../../../coordinator/search/space/space.ts";
import { bestOfChain } from "./chain.ts";
import type { Landscape, NormalTable } from "./landscape.ts";
import { plainSpace } from "./random-space.ts";

/**
 * NK landscape (Kauffman and Weinberger, 1989) with K = 2 along a chain: each choice adds a random number that depends on its own arm and on
 * those of the next two choices (the last two on what there is). No arm is good or bad by itself.
 */
export function nkLandscape(name: string, choices: readonly Choice[], normals: NormalTable): Landscape {
  const sizes = choices.map(({ arms }) => arms.length);
  const sizeOf = (choice: number): number => sizes[choice] ?? 1;
  const tables = sizes.map((size, choice) =>
    normals(`triple/${String(choice)}`, size * sizeOf(choice + 1) * sizeOf(choice + 2)),
  );
  const part = (choice: number, first: number, second: number, third: number): number =>
    tables[choice]?.[(first * sizeOf(choice + 1) + second) * sizeOf(choice + 2) + third] ?? NaN;
  // A node is a choice with the next one: its state holds both arms, so that two nodes hold the three that a part depends on.
  const best = bestOfChain({
    sizes: sizes.map((size, choice) => size * sizeOf(choice + 1)),
    views: (choice) => sizeOf(choice) * sizeOf(choice + 1),
    view: (_, state) => state,
    gain: (choice, seen, state) => {
      const [arm, next] = [Math.floor(state / sizeOf(choice + 1)), state % sizeOf(choice + 1)];
      const last = choice === sizes.length - 1 ? part(choice, arm, 0, 0) : 0;
      if (choice === 0) return last;
      if (seen % sizeOf(choice) !== arm) return -Infinity;
      return last + part(choice - 1, Math.floor(seen / sizeOf(choice)), arm, next);
    },
  }).map((state, choice) => Math.floor(state / sizeOf(choice + 1)));
  return {
    space: plainSpace(name, choices),
    cost: null,
    score: (arms) =>
      arms.reduce((sum, arm, choice) => sum + part(choice, arm, arms[choice + 1] ?? 0, arms[choice + 2] ?? 0), 0),
    best,
  };
}
