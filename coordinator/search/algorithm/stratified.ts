import type { Rng } from "../rng.ts";
import type { Choice } from "../space/space.ts";
import { shuffle } from "./shuffle.ts";

/** Uniform samples in which the arms of each choice come equally often, as far as their numbers allow. */
export function stratified(choices: readonly Choice[], count: number, rng: Rng): number[][] {
  const columns = choices.map(({ arms }) => {
    const start = shuffle(
      arms.map((_, arm) => arm),
      rng,
    );
    return shuffle(
      Array.from({ length: count }, (_, draw) => start[draw % start.length] ?? 0),
      rng,
    );
  });
  return Array.from({ length: count }, (_, draw) => columns.map((column) => column[draw] ?? 0));
}
