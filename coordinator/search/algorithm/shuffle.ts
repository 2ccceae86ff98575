import { uniformIndex, type Rng } from "../rng.ts";

/** The items in an order in which all are equally likely (Fisher and Yates). */
export function shuffle<Item>(items: readonly Item[], rng: Rng): Item[] {
  const left = [...items];
  const shuffled: Item[] = [];
  while (left.length > 0) {
    const place = uniformIndex(rng, left.length);
    const last = left.pop() as Item;
    shuffled.push(place < left.length ? (left[place] as Item) : last);
    if (place < left.length) left[place] = last;
  }
  return shuffled;
}
