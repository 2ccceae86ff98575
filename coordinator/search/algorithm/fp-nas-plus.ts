import { sampler, uniformDistribution } from "../distribution.ts";
import type { Algorithm, AlgorithmEntry } from "./algorithm.ts";
import { armsKey } from "./archive.ts";
import { meetsTargets } from "./meets-targets.ts";
import { inSlots } from "./mixture.ts";
import { recommendPlus } from "./plus-recommend.ts";
import { plusSettings, type PlusSettings } from "./plus-settings.ts";
import { recordRound, type PlusState } from "./plus-state.ts";
import { stepPlus } from "./plus-step.ts";
import { stratified } from "./stratified.ts";
import { drawUnseen, seenKeys } from "./unseen.ts";

/** Fewest draws of the first round where `n0` is auto. */
const leastFirstDraws = 8;

/**
 * FP-NAS with a surrogate: the likelihoods of the empirical-Bayes step come from a Gaussian process over the results so far, on a pool
 * of samples that nobody has to evaluate; of these, and of climbs on the process's mean, the most promising unseen ones are.
 * With cost targets, networks that miss them are drawn only where no others are found.
 */
export const fpNasPlus: AlgorithmEntry<PlusSettings> = {
  name: "fp-nas-plus",
  description: "FP-NAS on a Gaussian-process surrogate, with an upper-confidence choice of networks.",
  settings: plusSettings,
  create(chosen, problem): Algorithm<PlusState> {
    const { choices } = problem;
    const sample = sampler(uniformDistribution(choices));
    const accepts = (arms: readonly number[]): boolean => meetsTargets(problem, arms);
    const first = chosen.n0 === "auto" ? Math.max(leastFirstDraws, choices.length) : chosen.n0;
    return {
      converges: false,
      leastDraws: 1,
      init: () => ({
        distribution: uniformDistribution(choices),
        archive: [],
        kernel: null,
        sinceFit: 0,
        next: { count: first, samples: [] },
      }),
      roundSize: (_, { next }) => next.count,
      draw({ archive, next }, count, stream, pending) {
        const taken = seenKeys(archive, pending);
        const planned = archive.length === 0 ? stratified(choices, count, stream(0)).filter(accepts) : next.samples;
        const samples = planned.filter((arms) => {
          const key = armsKey(arms);
          return !taken.has(key) && taken.add(key);
        });
        return Array.from({ length: count }, (_, draw) => {
          const rng = stream(draw);
          const own = samples[draw];
          const isReplaced = archive.length > 0 && rng.uniform() < chosen.randomShare;
          return own === undefined || isReplaced ? drawUnseen(sample, rng, taken, accepts) : own;
        });
      },
      update: (state, draws, rng, ahead) =>
        stepPlus(recordRound(state, draws, problem.beta), chosen, problem, rng, ahead),
      distribution: ({ distribution }) => distribution,
      recommend: ({ archive }) => recommendPlus(archive, choices),
      enterStage: (state, slots) => ({ ...state, distribution: inSlots(state.distribution, slots, problem) }),
    };
  },
};
