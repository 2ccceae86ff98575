import type { Model } from "../model/model.ts";
import type { Optimizer } from "../model/momentum.ts";
import type { WeightAverage } from "../model/average.ts";

/** A training as it stands: all that the steps to come depend on, beside what its evaluation says. */
export interface Training {
  readonly model: Model;
  readonly optimizer: Optimizer;
  /** Null where the last weights are measured. */
  readonly average: WeightAverage | null;
  /** Null where it learns from labels alone. It does not change. */
  readonly teacher: Model | null;
  /** Steps made. Changes together with the weights, before anything is awaited. */
  step: number;
}
