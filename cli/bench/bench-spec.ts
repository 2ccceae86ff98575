import type { CostSpec, SearchSpec, StageSpec } from "../../coordinator/search/types.ts";

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
  /** Draws after which an asynchronous stage makes an update; synchronous rounds where it is not given. */
  readonly updateAfter?: number;
}

/**
 * The search of a benchmark. Its last stage counts its rounds and so does not end where only known networks are drawn: such draws are
 * part of what is measured. Whether the distribution has converged is for the simulation to see.
 */
export function benchSpec(
  algorithm: SearchSpec["algorithm"],
  cost: CostSpec | null,
  { maxDraws, stages, workers, updateAfter }: BenchSettings,
): SearchSpec {
  // So many in flight that no worker waits for an update.
  const rounds = updateAfter === undefined ? {} : { asynchronous: { updateAfter, inFlight: workers + updateAfter } };
  return {
    algorithm,
    stages: stagesOf(stages, maxDraws).map((stage) => ({ ...stage, ...rounds })),
    cost,
    budget: { trials: maxDraws, wallMs: null },
    final: null,
  };
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
