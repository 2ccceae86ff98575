import { z } from "zod";
import { drawCount, share } from "./settings.ts";

/** Settings of `fp-nas-plus`; the defaults were measured on tables of 9 to 11 nats and landscapes of 20 to 60 (docs/search-quality.md). */
export const plusSettings = z
  .strictObject({
    n0: z
      .union([z.literal("auto"), drawCount(8, 2).unwrap()])
      .default("auto")
      .describe("Draws of the first round, stratified; auto: one for each choice of the space, at least 8."),
    lambda: z
      .number()
      .positive()
      .default(0.25)
      .describe("Draws a round for each nat of entropy, rounded (arXiv 2011.10949)."),
    kMin: drawCount(1, 1).describe("Fewest draws a round."),
    kMax: drawCount(64, 1).describe("Most draws a round."),
    pool: drawCount(300, 2).describe("Samples drawn for the surrogate to judge at each step."),
    uniformShare: share(0.15).describe(
      "Share of a pool sample's choices that are drawn uniformly, 0 to 1; on average 1.2 of them at most.",
    ),
    eta: share(0.4).describe("Share of the distribution that a step replaces, 0 to 1."),
    sampleShare: share(0.05).describe(
      "Effective sample size of the pool's weights, as a share of the pool; at least 2 samples. It takes the place of a temperature.",
    ),
    climbs: z
      .int()
      .min(0)
      .max(100)
      .default(3)
      .describe("Best results from which the surrogate's mean is climbed, one choice at a time, for further networks."),
    confidence: z
      .number()
      .min(0)
      .default(1.25)
      .describe("Networks are chosen by mean + confidence x standard deviation of the surrogate."),
    refit: drawCount(8, 1).describe("New results after which the surrogate's kernel and noise are chosen again."),
    randomShare: share(0.1).describe("Probability that a chosen network is replaced by a uniform draw, 0 to 1."),
  })
  .refine(({ kMin, kMax }) => kMin <= kMax, { path: ["kMax"], message: "must be at least kMin" });

/** The settings, every default filled in. */
export type PlusSettings = z.infer<typeof plusSettings>;
