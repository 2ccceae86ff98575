/**
 * A score that is a sum along a chain of nodes: each node is in one of its states, and adds what its own state and what it sees of the node
 * before it are worth. What a node shows to the next is its view: of many states that are alike to the next node, one view.
 */
export interface Chain {
  /** States of each node. */
  readonly sizes: readonly number[];
  /** Number of views of a node, from 0. */
  readonly views: (node: number) => number;
  /** The view that a node's state gives to the next node. */
  readonly view: (node: number, state: number) => number;
  /** What a node adds to the score, given the view of the node before it (0 at the first); -Infinity where both cannot be. */
  readonly gain: (node: number, seen: number, state: number) => number;
}

/** A way to the end of some node: its score and the states on it. */
interface Way {
  readonly score: number;
  readonly states: Link | null;
}

interface Link {
  readonly state: number;
  readonly before: Link | null;
}

/** The states of the highest score, by dynamic programming; of equal ones the first found. */
export function bestOfChain({ sizes, views, view, gain }: Chain): readonly number[] {
  let ways: readonly Way[] = [{ score: 0, states: null }];
  for (const [node, size] of sizes.entries()) {
    const next = Array.from({ length: views(node) }, (): Way => ({ score: -Infinity, states: null }));
    for (const [seen, { score, states }] of ways.entries()) {
      if (score === -Infinity) continue;
      for (let state = 0; state < size; state++) {
        const total = score + gain(node, seen, state);
        const shown = view(node, state);
        if (total > (next[shown]?.score ?? Infinity)) next[shown] = { score: total, states: { state, before: states } };
      }
    }
    ways = next;
  }
  const best = ways.reduce((left, right) => (right.score > left.score ? right : left));
  const states: number[] = [];
  for (let link = best.states; link !== null; link = link.before) states.unshift(link.state);
  return states;
}
