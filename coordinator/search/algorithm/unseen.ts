import type { Rng } from "../rng.ts";
import { armsKey, type Entry } from "./archive.ts";

/** Draws that are thrown away at most before a sample seen earlier is taken after all. */
const maxTries = 100;

/** Words for the samples that are not to be drawn: those of the archive and those under way. */
export function seenKeys(archive: readonly Entry[], pending: readonly (readonly number[])[]): Set<string> {
  return new Set([...archive.map(({ arms }) => armsKey(arms)), ...pending.map(armsKey)]);
}

/**
 * Draws by rejection until a sample is none of `taken`, and adds it there. Where a hundred tries bring nothing new, as in a
 * small space that has been seen whole, the last one is taken.
 */
export function drawUnseen(sample: (rng: Rng) => number[], rng: Rng, taken: Set<string>): number[] {
  let arms = sample(rng);
  for (let attempt = 1; attempt < maxTries && taken.has(armsKey(arms)); attempt++) arms = sample(rng);
  taken.add(armsKey(arms));
  return arms;
}
