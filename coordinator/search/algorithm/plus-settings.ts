import { z } from "zod";
import { drawCount, share } from "./settings.ts";

/** Settings of `fp-nas-plus`; the defaults are those of its definition, measured on tables of 9 to 11 nats. */
export const plusSettings = z
  .strictObject({
    n0: drawCount(8, 2).describe(
      "Draws of the first round, stratified, and of the first round after a restart, uniform.",
    ),
    lambda: z
      .number()
      .positive()
      .default(0.25)
      .describe("Draws a round for each nat of entropy, rounded (arXiv 2011.10949)."),
    kMin: drawCount(1, 1).describe("Fewest draws a round."),
    kMax: drawCount(64, 1).describe("Most draws a round."),
    pool: drawCount(300, 2).describe(
      "Samples drawn for the surrogate to judge at each step; 512 in fine stages was as good.",
    ),
    uniformShare: share(0.15).describe("Share of the uniform distribution in the pool, 0 to 1."),
    eta: share(0.4).describe("Share of the distribution that a step replaces, 0 to 1."),
    sampleShare: share(0.05).describe(
      "Effective sample size of the pool's weights, as a share of the pool; at least 2 samples. It takes the place of a temperature.",
    ),
    confidence: z
      .number()
      .min(0)
      .default(1)
      .describe("Networks are chosen by mean + confidence x standard deviation of the surrogate."),
    refit: drawCount(8, 1).describe("New results after which the surrogate's kernel and noise are chosen again."),
    patience: drawCount(16, 1).describe(
      "New results without a better network in the phase, after which a new phase begins.",
    ),
    noiseGate: z
      .number()
      .min(0)
      .default(0.1)
      .describe(
        "Noise of the surrogate, as a share of its variance, above which no new phase begins: restarts hurt under noise.",
      ),
    randomShare: share(0.1).describe("Probability that a chosen network is replaced by a uniform draw, 0 to 1."),
  })
  .refine(({ kMin, kMax }) => kMin <= kMax, { path: ["kMax"], message: "must be at least kMin" });

/** The settings, every default filled in. */
export type PlusSettings = z.infer<typeof plusSettings>;
