import { finalTraining } from "../../network/evaluation.ts";
import type { Evaluator } from "./evaluator.ts";

/** What a worker with these evaluators registers (RegisterRequest.evaluators): the one by training does final trainings, too. */
export function registeredNames(evaluators: readonly Pick<Evaluator, "name">[]): readonly string[] {
  return evaluators.flatMap(({ name }) => (name === "train" ? [name, finalTraining] : [name]));
}
