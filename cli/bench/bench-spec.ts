import type { AsynchronousRounds, CostSpec, SearchSpec, StageSpec } from "../../coordinator/search/types.ts";

/** How the stages of a benchmarked search are made up. */
export const stageForms = ["factorized", "coarse-fine"] as const;
export type StageForm = (typeof stageForms)[number];

/** What all seeds of a benchmark have in common. */
export interface BenchSettings {
  readonly seeds: number;
  /** Virtual workers. */
  readonly workers: number;
  /** Draws after which a search is stopped. */
  readonly maxDraws: number;
  readonly stages: StageForm;
}

/**
 * Gradient steps on fewer results than this are too noisy with several workers: their rounds wait for as many. All others learn from every
 * result at once.
 */
const gradientUpdate = { algorithms: ["fp-nas", "parsec", "reinforce"], after: 8 };

/**
 * The search of a benchmark. Its last stage counts its rounds and so does not end where only known networks are drawn: such draws are
 * part of what is measured. Whether the distribution has converged is for the simulation to see. With several workers the rounds are
 * asynchronous, with so many networks under way that no worker is idle.
 */
export function benchSpec(
  algorithm: SearchSpec["algorithm"],
  cost: CostSpec | null,
  { maxDraws, stages, workers }: BenchSettings,
): SearchSpec {
  return {
    algorithm,
    stages: stagesOf(stages, maxDraws).map((stage) =>
      workers === 1 ? stage : { ...stage, asynchronous: asynchronous(algorithm.name, workers) },
    ),
    cost,
    // Quality is told of what was drawn, by the accuracies as they are.
    noisy: false,
    budget: { trials: maxDraws, wallMs: null },
    final: null,
  };
}

/** While `updateAfter` - 1 networks have ended and are not learned from, every worker has one of the others. */
function asynchronous(algorithm: string, workers: number): AsynchronousRounds {
  const updateAfter = gradientUpdate.algorithms.includes(algorithm) ? gradientUpdate.after : 1;
  return { updateAfter, inFlight: workers + updateAfter - 1 };
}

function stagesOf(form: StageForm, maxDraws: number): readonly StageSpec[] {
  switch (form) {
    case "factorized":
      return [{ name: "only", slots: "factorized", until: { rounds: maxDraws } }];
    case "coarse-fine":
      return [
        { name: "coarse", slots: "factorized", until: { entropyBelow: 0.25 } },
        { name: "fine", slots: "block", until: { rounds: maxDraws } },
      ];
  }
}
