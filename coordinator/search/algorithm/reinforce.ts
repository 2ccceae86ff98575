import { z } from "zod";
import { uniformDistribution } from "../distribution.ts";
import { reward } from "../reward.ts";
import type { Algorithm, AlgorithmEntry } from "./algorithm.ts";
import { descend, drawAll, enterGradientStage, withFreshMoments, type GradientState } from "./gradient.ts";
import { adamOfSupernet, adamSettings, drawCount } from "./settings.ts";

const settings = z.strictObject({
  k: drawCount(8, 1).describe("Draws a round, always."),
  decay: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .describe("Share of the reward baseline that a round keeps, 0 to 1; it takes the rest from its mean reward."),
  ...adamSettings,
});

interface ReinforceState extends GradientState {
  /** Moving average of the rewards; null before the first measured round. */
  readonly baseline: number | null;
}

/**
 * REINFORCE (Williams 1992, eq. 11) on the logits: ∇ = -1/K Σ_k (r_k - b) ∇ ln P(A_k), with b a moving average of the
 * rounds' mean rewards, the first round's being its own mean. Adam takes the step, so the scale of the rewards does not matter.
 */
export const reinforce: AlgorithmEntry<z.infer<typeof settings>> = {
  name: "reinforce",
  description: "Policy gradient with a moving-average baseline, a fixed number of draws a round (Williams 1992).",
  settings,
  supernet: adamOfSupernet,
  create(chosen, problem): Algorithm<ReinforceState> {
    return {
      converges: true,
      leastDraws: 1,
      init: () => ({ ...withFreshMoments(uniformDistribution(problem.choices)), baseline: null }),
      roundSize: () => chosen.k,
      draw: (state, count, stream) => drawAll(state.distribution, count, stream),
      update(state, draws) {
        const measured = draws.flatMap(({ arms, score }) =>
          score === null ? [] : [{ arms, reward: reward(score, problem.beta) }],
        );
        if (measured.length === 0) return state;
        const mean = measured.reduce((sum, draw) => sum + draw.reward, 0) / measured.length;
        const baseline = state.baseline ?? mean;
        const weighted = measured.map((draw) => ({
          arms: draw.arms,
          multiplier: (draw.reward - baseline) / measured.length,
        }));
        return {
          ...descend(state, weighted, chosen),
          baseline: chosen.decay * baseline + (1 - chosen.decay) * mean,
        };
      },
      distribution: (state) => state.distribution,
      enterStage: (state, slots) => enterGradientStage(state, slots, problem),
    };
  },
};
