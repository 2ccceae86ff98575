import { z } from "zod";
import { sampler, uniformDistribution } from "../distribution.ts";
import { reward } from "../reward.ts";
import { uniformIndex, type Rng } from "../rng.ts";
import type { Choice } from "../space/space.ts";
import type { StageSpec } from "../types.ts";
import type { Algorithm, AlgorithmEntry } from "./algorithm.ts";
import { frequencies } from "./mixture.ts";
import { drawCount } from "./settings.ts";

const settings = z.strictObject({
  population: drawCount(20, 2).describe("Networks that are alive; the first so many draws are uniform, in one round."),
  tournament: drawCount(5, 1).describe("Members drawn, with replacement, of which the best becomes the parent."),
  k: drawCount(1, 1).describe(
    "Children a round: how many trials may be under way at once. 1 is the published, sequential form.",
  ),
});

interface Member {
  readonly arms: readonly number[];
  readonly reward: number;
}

interface EvolutionState {
  readonly slots: StageSpec["slots"];
  /** Oldest first. */
  readonly population: readonly Member[];
}

/** Regularized evolution: the best of a random few has a child that differs in one choice, and the oldest member dies (arXiv 1802.01548). */
export const regularizedEvolution: AlgorithmEntry<z.infer<typeof settings>> = {
  name: "regularized-evolution",
  description: "Ageing evolution: tournament, one mutation, the oldest dies (arXiv 1802.01548).",
  settings,
  create(chosen, problem): Algorithm<EvolutionState> {
    const sample = sampler(uniformDistribution(problem.choices));
    return {
      converges: false,
      leastDraws: 1,
      init: () => ({ slots: "factorized", population: [] }),
      roundSize: (_, { population }) => Math.max(chosen.k, chosen.population - population.length),
      draw({ population }, count, stream) {
        const isFounding = population.length < chosen.population;
        return Array.from({ length: count }, (_, draw) => {
          const rng = stream(draw);
          return isFounding ? sample(rng) : mutate(winner(population, chosen.tournament, rng), problem.choices, rng);
        });
      },
      update(state, draws) {
        const born = draws.flatMap(({ arms, score }) =>
          score === null ? [] : [{ arms, reward: reward(score, problem.beta) }],
        );
        return { ...state, population: [...state.population, ...born].slice(-chosen.population) };
      },
      distribution: ({ population, slots }) =>
        frequencies(
          population.map(({ arms }) => arms),
          slots,
          problem,
        ),
      enterStage: (state, slots) => ({ ...state, slots }),
    };
  },
};

/** The best of `size` members drawn with replacement; of equals the first drawn. */
function winner(population: readonly Member[], size: number, rng: Rng): readonly number[] {
  let best: Member | undefined;
  for (let place = 0; place < size; place++) {
    const member = population[uniformIndex(rng, population.length)];
    if (best === undefined || (member !== undefined && member.reward > best.reward)) best = member;
  }
  return best?.arms ?? [];
}

/** The sample with another arm in one choice, both uniform; itself where no choice has another arm. */
function mutate(arms: readonly number[], choices: readonly Choice[], rng: Rng): readonly number[] {
  const open = choices.flatMap((choice, index) => (choice.arms.length > 1 ? [{ choice, index }] : []));
  const place = open[uniformIndex(rng, open.length)];
  if (place === undefined) return arms;
  const other = uniformIndex(rng, place.choice.arms.length - 1);
  return arms.with(place.index, other < (arms[place.index] ?? 0) ? other : other + 1);
}
