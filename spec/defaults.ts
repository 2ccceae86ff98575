import { plainRecipe } from "../network/evaluation.ts";
import type { StageSpec } from "../coordinator/search/types.ts";

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
  supernet: {
    localSteps: 4,
    batch: 64,
    /** With the momentum below: of what was tried, the weights learn most by it in a few thousand steps (docs/supernet.md). */
    learningRate: 0.2,
    weightDecay: 1e-4,
    validationExamples: 256,
    precision: "float32",
    merge: "likelihood",
    momentum: 0.8,
    staleness: 4,
    /** In the place of the budget below: a trial is a few steps, not a training. */
    trials: 3000,
  },
  cost: { beta: 0.3 },
  budget: { trials: 200 },
  final: { random: 0, largest: false, from: "scratch", ...plainRecipe },
} as const;

/** The stages of a supernet's job where it names none: a third of the trials only trains the weights (warm-up), and a third at most is coarse. */
export function supernetStages(trials: number): readonly StageSpec[] {
  const third = Math.ceil(trials / 3);
  return [
    { name: "warm-up", slots: "factorized", until: { trials: third }, weightsOnly: true },
    { name: "coarse", slots: "factorized", until: { entropyBelow: 0.25, trials: third } },
    { name: "fine", slots: "block", until: {} },
  ];
}
