import type { Space } from "./space.ts";

/** Samples whose costs are remembered: more than the networks under way in one round of a large fleet. */
const capacity = 4096;

/**
 * The space, with the costs of its last samples remembered. A sample's cost is asked for when its trial is planned, when the round's
 * update weighs its draws, and when its outcome is compared with the best: working it out anew each time would be most of what a
 * trial costs the search.
 */
export function rememberCosts(space: Space): Space {
  const costs = new Map<string, ReturnType<Space["cost"]>>();
  return {
    name: space.name,
    choices: space.choices,
    decode: (arms) => space.decode(arms),
    knows: (figure) => space.knows(figure),
    largest: () => space.largest(),
    ...(space.supernet && { supernet: space.supernet }),
    cost(arms) {
      const key = arms.join();
      const known = costs.get(key);
      if (known !== undefined || costs.has(key)) return known;
      const cost = space.cost(arms);
      const [oldest] = costs.size < capacity ? [] : costs.keys();
      if (oldest !== undefined) costs.delete(oldest);
      costs.set(key, cost);
      return cost;
    },
  };
}
