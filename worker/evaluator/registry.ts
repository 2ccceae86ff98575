import type { Logger } from "pino";
import type { Evaluation } from "../../network/evaluation.ts";
import { createCommandEvaluator } from "./command/command.ts";
import type { Evaluator } from "./evaluator.ts";
import { createLazyEvaluator } from "./lazy.ts";
import { createTabularEvaluator } from "./tabular.ts";

/** What evaluators need that only the program around them knows. */
export interface EvaluatorParts {
  /** Loads the evaluators that train with their numeric library, which takes a while: called by the first training, if there ever is one. */
  readonly loadTraining: () => Promise<TrainingEvaluators>;
  /** Where the operator allows programs of users: the log that they print to. Null where not. */
  readonly commandLog: Logger | null;
}

/** Those that train networks, on one backend. */
export type TrainingEvaluators = Readonly<Record<"train" | "supernet", Evaluator>>;

/** One line a kind of evaluation; a kind without a line does not compile. */
const factories: { readonly [Name in Evaluation["type"]]: (parts: EvaluatorParts) => Evaluator | null } = {
  tabular: () => createTabularEvaluator(),
  train: ({ loadTraining }) => createLazyEvaluator("train", async () => (await loadTraining()).train),
  supernet: ({ loadTraining }) => createLazyEvaluator("supernet", async () => (await loadTraining()).supernet),
  command: ({ commandLog }) => (commandLog === null ? null : createCommandEvaluator(commandLog)),
};

/** Every evaluator that a worker may have, ready at once. */
export function createEvaluators(parts: EvaluatorParts): readonly Evaluator[] {
  let loaded: Promise<TrainingEvaluators> | undefined;
  const loadTraining = (): Promise<TrainingEvaluators> => {
    loaded ??= parts.loadTraining().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
  return Object.values(factories)
    .map((create) => create({ ...parts, loadTraining }))
    .filter((evaluator) => evaluator !== null);
}
