import { z } from "zod";
import { sampler, uniformDistribution } from "../distribution.ts";
import { reward } from "../reward.ts";
import { uniformIndex } from "../rng.ts";
import type { Choice } from "../space/space.ts";
import type { StageSpec } from "../types.ts";
import type { Algorithm, AlgorithmEntry } from "./algorithm.ts";
import { archiveCap, armsKey } from "./archive.ts";
import { frequencies } from "./mixture.ts";
import { drawCount } from "./settings.ts";
import { drawUnseen } from "./unseen.ts";

const settings = z.strictObject({
  k: drawCount(1, 1).describe(
    "Neighbours a round: how many trials may be under way at once. 1 takes the first improvement; more take the best of a round.",
  ),
});

interface Place {
  readonly arms: readonly number[];
  readonly reward: number;
}

interface LocalState {
  readonly slots: StageSpec["slots"];
  /** Where the search stands; null before a (re)start. */
  readonly current: Place | null;
  readonly best: Place | null;
  /** Keys of the samples drawn last, oldest first; they are not drawn again. */
  readonly seen: readonly string[];
}

/**
 * Local search: tries the unseen networks that differ in one choice, in random order, and moves to the first that is better;
 * where none is, it starts again at a random network.
 */
export const localSearch: AlgorithmEntry<z.infer<typeof settings>> = {
  name: "local-search",
  description: "First improvement among the networks that differ in one choice, with random restarts.",
  settings,
  create(chosen, problem): Algorithm<LocalState> {
    const sample = sampler(uniformDistribution(problem.choices));
    return {
      converges: false,
      leastDraws: 1,
      init: () => ({ slots: "factorized", current: null, best: null, seen: [] }),
      roundSize: () => chosen.k,
      draw({ current, seen }, count, stream, pending) {
        const taken = new Set([...seen, ...pending.map(armsKey)]);
        const near = current === null ? [] : unseenNeighbours(current.arms, problem.choices, taken);
        return Array.from({ length: count }, (_, draw) => {
          const rng = stream(draw);
          const [next] = near.splice(uniformIndex(rng, near.length), 1);
          if (next === undefined) return drawUnseen(sample, rng, taken);
          taken.add(armsKey(next));
          return next;
        });
      },
      update(state, draws) {
        const seen = [...new Set([...state.seen, ...draws.map(({ arms }) => armsKey(arms))])].slice(-archiveCap);
        let { current } = state;
        for (const { arms, score } of draws) {
          if (score !== null) current = better(current, { arms, reward: reward(score, problem.beta) });
        }
        const best = current === null ? state.best : better(state.best, current);
        const isStuck = current !== null && unseenNeighbours(current.arms, problem.choices, new Set(seen)).length === 0;
        return { ...state, current: isStuck ? null : current, best, seen };
      },
      distribution: ({ best, slots }) => frequencies(best === null ? [] : [best.arms], slots, problem),
      enterStage: (state, slots) => ({ ...state, slots }),
    };
  },
};

function better(current: Place | null, next: Place): Place {
  return current !== null && current.reward >= next.reward ? current : next;
}

/** Every sample that differs in one choice and is not among the seen. */
function unseenNeighbours(
  arms: readonly number[],
  choices: readonly Choice[],
  seen: ReadonlySet<string>,
): (readonly number[])[] {
  return choices.flatMap((choice, index) =>
    choice.arms.flatMap((_, arm) => {
      if (arm === arms[index]) return [];
      const neighbour = arms.with(index, arm);
      return seen.has(armsKey(neighbour)) ? [] : [neighbour];
    }),
  );
}
