import * as tf from "@tensorflow/tfjs-core";
import { trainedTensors, withoutSharedNames } from "../../network/trained-tensors.ts";
import type { Graph } from "../../network/types.ts";
import type { NamedTensor } from "../checkpoint/tensor-file.ts";
import type { TrainedNetwork } from "../checkpoint/trained-file.ts";
import type { Model } from "../model/model.ts";
import { EvaluationError } from "./evaluator.ts";

/** Of the longest file that a coordinator takes. */
const maxFileBytes = 256 * 2 ** 20;

/** The variables of a network's model in the order of `trainedTensors`. */
function variablesOf(graph: Graph, { variables, statistics }: Model): readonly tf.Variable[] {
  const [parameters, others] = [variables.values(), statistics.values()];
  const ordered = trainedTensors(graph).map(({ kind }) => (kind === "parameter" ? parameters : others).next().value);
  return ordered.filter((variable) => variable !== undefined);
}

/** Throws EvaluationError `infeasible` where a model has more weights than can be kept: before it is trained for nothing. */
export function checkSize({ variables, statistics }: Model): void {
  const numbers = [...variables, ...statistics].reduce((sum, { size }) => sum + size, 0);
  if (numbers * Float32Array.BYTES_PER_ELEMENT <= maxFileBytes) return;
  const detail = `The network has ${numbers} weights and statistics, and files of at most ${maxFileBytes / 2 ** 20} MiB can be kept.`;
  throw new EvaluationError("infeasible", detail);
}

/** What a trained and calibrated model is, by value. */
export async function readTrained(named: Graph, dataset: string, model: Model): Promise<TrainedNetwork> {
  const graph = withoutSharedNames(named);
  const variables = variablesOf(graph, model);
  const tensors = await Promise.all(
    trainedTensors(graph).map(async ({ tensor, shape }, index): Promise<NamedTensor> => {
      const values = (await variables[index]?.data()) as Float32Array | undefined;
      return { name: tensor, shape, values: values ?? new Float32Array() };
    }),
  );
  return { graph, dataset, tensors };
}

/** Gives a fresh model of a network the weights and statistics that it was trained to. */
export function loadTrained(model: Model, { graph, tensors }: TrainedNetwork): void {
  const variables = variablesOf(graph, model);
  tensors.forEach(({ shape, values }, index) => {
    const tensor = tf.tensor(values, [...shape], "float32");
    variables[index]?.assign(tensor);
    tensor.dispose();
  });
}
