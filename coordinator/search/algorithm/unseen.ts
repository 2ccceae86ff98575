import type { Rng } from "../rng.ts";
import { armsKey, type Entry } from "./archive.ts";

/** Draws that are thrown away at most before a sample seen earlier is taken after all. */
const maxTries = 100;

/** Words for the samples that are not to be drawn: those of the archive and those under way. */
export function seenKeys(archive: readonly Entry[], pending: readonly (readonly number[])[]): Set<string> {
  return new Set([...archive.map(({ arms }) => armsKey(arms)), ...pending.map(armsKey)]);
}

/**
 * Draws by rejection until a sample is accepted and none of `taken`, and adds it there. Where a hundred tries bring none, as in a
 * small space that has been seen whole, the last new one is taken, or the last.
 */
export function drawUnseen(
  sample: (rng: Rng) => number[],
  rng: Rng,
  taken: Set<string>,
  accepts: (arms: readonly number[]) => boolean = () => true,
): number[] {
  let arms = sample(rng);
  let isNew = !taken.has(armsKey(arms));
  for (let attempt = 1; attempt < maxTries && !(isNew && accepts(arms)); attempt++) {
    const next = sample(rng);
    const isNextNew = !taken.has(armsKey(next));
    if (isNew && !isNextNew) continue;
    arms = next;
    isNew = isNextNew;
  }
  taken.add(armsKey(arms));
  return arms;
}
