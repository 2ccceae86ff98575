import { sampler, uniformDistribution, type Distribution } from "../distribution.ts";
import type { Rng } from "../rng.ts";
import type { Choice } from "../space/space.ts";
import type { Algorithm, AlgorithmEntry } from "./algorithm.ts";
import { armsKey } from "./archive.ts";
import { inSlots } from "./mixture.ts";
import { openPhase, recordRound, restartIfStuck, type PlusState } from "./plus-phase.ts";
import { recommendPlus } from "./plus-recommend.ts";
import { plusSettings, type PlusSettings } from "./plus-settings.ts";
import { stepPlus } from "./plus-step.ts";
import { shuffle } from "./shuffle.ts";
import { drawUnseen, seenKeys } from "./unseen.ts";

/**
 * FP-NAS with a surrogate: the likelihoods of the empirical-Bayes step come from a Gaussian process over the results of the phase,
 * on a pool of samples that nobody has to evaluate; of these, the most promising unseen ones are. A phase without progress is followed by another.
 */
export const fpNasPlus: AlgorithmEntry<PlusSettings> = {
  name: "fp-nas-plus",
  description: "FP-NAS on a Gaussian-process surrogate, with an upper-confidence choice of networks and restarts.",
  settings: plusSettings,
  create(chosen, problem): Algorithm<PlusState> {
    const sample = sampler(uniformDistribution(problem.choices));
    return {
      converges: false,
      leastDraws: 1,
      init: () => ({
        ...openPhase(uniformDistribution(problem.choices), 0, chosen.n0),
        archive: [],
        remembered: null,
      }),
      roundSize: (_, { next }) => next.count,
      draw({ archive, next }, count, stream, pending) {
        if (archive.length === 0) return stratified(problem.choices, count, stream(0));
        const taken = seenKeys(archive, pending);
        const samples = next.samples.filter((arms) => !taken.has(armsKey(arms)));
        for (const arms of samples) taken.add(armsKey(arms));
        return Array.from({ length: count }, (_, draw) => {
          const rng = stream(draw);
          const planned = samples[draw];
          const isReplaced = rng.uniform() < chosen.randomShare;
          return planned === undefined || isReplaced ? drawUnseen(sample, rng, taken) : planned;
        });
      },
      update(state, draws, rng, ahead) {
        const recorded = recordRound(state, draws, problem.beta);
        return restartIfStuck(recorded, chosen, problem.beta) ?? stepPlus(recorded, chosen, problem, rng, ahead);
      },
      distribution: bestDistribution,
      recommend: ({ archive }) => recommendPlus(archive),
      enterStage(state, slots) {
        const { remembered } = state;
        return {
          ...state,
          distribution: inSlots(state.distribution, slots, problem),
          remembered: remembered && {
            ...remembered,
            distribution: inSlots(remembered.distribution, slots, problem),
          },
        };
      },
    };
  },
};

/** That of the phase which found the best network, of equals the earlier phase. */
function bestDistribution({ distribution, phaseBest, remembered }: PlusState): Distribution {
  const isEarlierBest = remembered !== null && remembered.best >= (phaseBest ?? -Infinity);
  return isEarlierBest ? remembered.distribution : distribution;
}

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
