import { z } from "zod";
import { entropy, uniformDistribution } from "../distribution.ts";
import { estimators } from "../estimator/registry.ts";
import { lambdaOf, sampleCount } from "../sample-count.ts";
import type { AlgorithmEntry } from "./algorithm.ts";
import { gradientAlgorithm } from "./gradient.ts";
import { adamOfSupernet, drawCount, gradientSettings, temperatureOfSupernet } from "./settings.ts";

const settings = z
  .strictObject({
    lambda: z
      .union([z.literal("auto"), z.number().positive()])
      .default("auto")
      .describe(
        "Draws a round for each nat of entropy. 0.25 as published for spaces of 40 to 60 nats; auto = max(0.25, k0 / first entropy).",
      ),
    k0: drawCount(24, 2).describe(
      "Draws of the first round where lambda is auto, unless a quarter of the first entropy is more.",
    ),
    kMin: drawCount(2, 2).describe("Fewest draws a round; with one draw its weight is 1 whatever its likelihood."),
    kMax: drawCount(64, 2).describe("Most draws a round."),
    weights: z
      .enum(["centred", "published"])
      .default("centred")
      .describe(
        "centred: importance weights minus 1/K, the exact cost hinge inside the reward; published: arXiv 2011.10949, eq. 7, with its cost term.",
      ),
    ...gradientSettings,
  })
  .refine(({ kMin, kMax }) => kMin <= kMax, { path: ["kMax"], message: "must be at least kMin" });

/** FP-NAS: importance-weighted gradient on the logits, as many draws as the entropy asks for (arXiv 2011.10949). */
export const fpNas: AlgorithmEntry<z.infer<typeof settings>> = {
  name: "fp-nas",
  description: "Probabilistic search with entropy-adaptive rounds, coarse to fine (arXiv 2011.10949).",
  settings,
  supernet: { ...adamOfSupernet, temperature: temperatureOfSupernet, lambda: 0.25, weights: "published" },
  create(chosen, problem) {
    const lambda = lambdaOf(chosen, entropy(uniformDistribution(problem.choices)));
    return gradientAlgorithm(
      {
        roundSize: (nats) => sampleCount(chosen, lambda, nats),
        estimator: estimators[chosen.weights],
        temperature: chosen.temperature,
        adam: chosen,
      },
      problem,
    );
  },
};
