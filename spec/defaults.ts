import { plainRecipe } from "../network/evaluation.ts";

/** Every default of a job spec; docs/spec.md shows the same table, and a test compares the two. */
export const defaults = {
  algorithm: "auto",
  seed: 0,
  stages: [
    { name: "coarse", slots: "factorized", until: { entropyBelow: 0.25 } },
    { name: "fine", slots: "block", until: {} },
  ],
  /** Networks under way in an asynchronous stage. */
  inFlight: 64,
  train: { steps: 30, batch: 64, learningRate: 0.2, weightDecay: 1e-4, evalExamples: 2000 },
  cost: { beta: 0.3 },
  budget: { trials: 200 },
  final: { random: 0, largest: false, ...plainRecipe },
} as const;
