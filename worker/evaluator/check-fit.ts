import type { Graph, Shape } from "../../network/types.ts";
import type { Dataset } from "../data/dataset.ts";
import { EvaluationError } from "./evaluator.ts";

const text = ({ height, width, channels }: Shape): string => `${height}x${width}x${channels}`;

/** Throws EvaluationError `infeasible` where a network does not fit a data set, or the train part has no batch of this size. */
export function checkFit(graph: Graph, dataset: Dataset, batch: number): void {
  if (text(graph.input) !== text(dataset.input)) {
    const detail = `The network takes ${text(graph.input)}, but an image of ${dataset.name} is ${text(dataset.input)}.`;
    throw new EvaluationError("infeasible", detail);
  }
  if (batch > dataset.train.count) {
    const detail = `A batch of ${batch} is more than the ${dataset.train.count} train images of ${dataset.name}.`;
    throw new EvaluationError("infeasible", detail);
  }
}
