import type { Space } from "./space.ts";

/** So many of the last samples are remembered at least, and twice as many at most: more than the networks under way of a large fleet. */
const capacity = 4096;

/**
 * The space, with the costs of its last samples remembered. A sample's cost is asked for when its trial is planned, when the round's
 * update weighs its draws, and when its outcome is compared with the best: working it out anew each time would be most of what a
 * trial costs the search.
 */
export function rememberCosts(space: Space): Space {
  // The last samples, and those before them: to take the oldest out of one Map, one by one, costs a walk over what was taken out before.
  let recent = new Map<string, ReturnType<Space["cost"]>>();
  let older = recent;
  return {
    name: space.name,
    choices: space.choices,
    decode: (arms) => space.decode(arms),
    knows: (figure) => space.knows(figure),
    largest: () => space.largest(),
    ...(space.supernet && { supernet: space.supernet }),
    cost(arms) {
      const key = arms.join();
      const known = recent.get(key);
      if (known !== undefined || recent.has(key)) return known;
      const cost = older.has(key) ? older.get(key) : space.cost(arms);
      if (recent.size >= capacity) {
        older = recent;
        recent = new Map();
      }
      recent.set(key, cost);
      return cost;
    },
  };
}
