import { z } from "zod";
import { estimators } from "../estimator/registry.ts";
import type { AlgorithmEntry } from "./algorithm.ts";
import { gradientAlgorithm } from "./gradient.ts";
import { adamOfSupernet, drawCount, gradientSettings, temperatureOfSupernet } from "./settings.ts";

const settings = z.strictObject({
  k: drawCount(16, 2).describe("Draws a round, always (arXiv 1902.05116 draws 16)."),
  ...gradientSettings,
});

/** PARSEC: the gradient of FP-NAS with a fixed number of draws and uncentred weights (arXiv 1902.05116). */
export const parsec: AlgorithmEntry<z.infer<typeof settings>> = {
  name: "parsec",
  description: "Probabilistic search with a fixed number of draws a round, the ancestor of fp-nas (arXiv 1902.05116).",
  settings,
  supernet: { ...adamOfSupernet, temperature: temperatureOfSupernet },
  create: (chosen, problem) =>
    gradientAlgorithm(
      { roundSize: () => chosen.k, estimator: estimators.uncentred, temperature: chosen.temperature, adam: chosen },
      problem,
    ),
};
