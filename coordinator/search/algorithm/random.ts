import { z } from "zod";
import { sampler, uniformDistribution } from "../distribution.ts";
import type { Algorithm, AlgorithmEntry } from "./algorithm.ts";
import { drawCount } from "./settings.ts";

const settings = z.strictObject({
  k: drawCount(16, 1).describe("Draws a round: how many trials may be under way at once."),
});

/** Random search: every draw uniform over the space, nothing learned. The baseline to beat. */
export const random: AlgorithmEntry<z.infer<typeof settings>> = {
  name: "random",
  description: "Uniform draws, nothing learned: the baseline.",
  settings,
  supernet: {},
  create(chosen, problem): Algorithm<null> {
    const uniform = uniformDistribution(problem.choices);
    const sample = sampler(uniform);
    return {
      converges: true,
      leastDraws: 1,
      init: () => null,
      roundSize: () => chosen.k,
      draw: (_, count, stream) => Array.from({ length: count }, (_unused, draw) => sample(stream(draw))),
      update: () => null,
      distribution: () => uniform,
      enterStage: () => null,
    };
  },
};
