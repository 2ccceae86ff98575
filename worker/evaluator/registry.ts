import type { Logger } from "pino";
import type { Evaluation } from "../../network/evaluation.ts";
import { createCommandEvaluator } from "./command/command.ts";
import type { Evaluator } from "./evaluator.ts";
import { createLazyEvaluator } from "./lazy.ts";
import { createTabularEvaluator } from "./tabular.ts";

/** What evaluators need that only the program around them knows. */
export interface EvaluatorParts {
  /** Loads the training evaluator with its numeric library, which takes a while: called by the first training, if there ever is one. */
  readonly loadTrain: () => Promise<Evaluator>;
  /** Where the operator allows programs of users: the log that they print to. Null where not. */
  readonly commandLog: Logger | null;
}

/** One line a kind of evaluation; a kind without a line does not compile. */
const factories: { readonly [Name in Evaluation["type"]]: (parts: EvaluatorParts) => Evaluator | null } = {
  tabular: () => createTabularEvaluator(),
  train: ({ loadTrain }) => createLazyEvaluator("train", loadTrain),
  supernet: () => null,
  command: ({ commandLog }) => (commandLog === null ? null : createCommandEvaluator(commandLog)),
};

/** Every evaluator that a worker may have, ready at once. */
export function createEvaluators(parts: EvaluatorParts): readonly Evaluator[] {
  return Object.values(factories)
    .map((create) => create(parts))
    .filter((evaluator) => evaluator !== null);
}
