import * as tf from "@tensorflow/tfjs-core";
import { canonicalJson } from "../../network/canonical.ts";
import { decodeNetwork } from "../../network/codec.ts";
import { trainedFormat, trainedTensors } from "../../network/trained-tensors.ts";
import type { Graph } from "../../network/types.ts";
import { decodeTensors, encodeTensors, type NamedTensor } from "../checkpoint/tensor-file.ts";
import type { Model } from "../model/model.ts";
import { EvaluationError } from "./evaluator.ts";

/** Of the longest file that a coordinator takes. */
const maxFileBytes = 256 * 2 ** 20;

/** A network with its trained weights. */
export interface TrainedNetwork {
  readonly graph: Graph;
  /** Name of the data set that it was trained on. */
  readonly dataset: string;
  /** In the order of `trainedTensors`. */
  readonly tensors: readonly NamedTensor[];
}

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

/** The file of a trained and calibrated model: safetensors, with the network and the data set beside the tensors (docs/result.md). */
export async function encodeTrained(graph: Graph, dataset: string, model: Model): Promise<Uint8Array> {
  const variables = variablesOf(graph, model);
  const tensors = await Promise.all(
    trainedTensors(graph).map(async ({ tensor, shape }, index): Promise<NamedTensor> => {
      const values = (await variables[index]?.data()) as Float32Array | undefined;
      return { name: tensor, shape, values: values ?? new Float32Array() };
    }),
  );
  return encodeTensors({ metadata: { format: trainedFormat, network: canonicalJson(graph), dataset }, tensors });
}

/** Reads such a file. Throws Error, which tells why, where it is damaged, of another format, or does not hold the tensors of its network. */
export function decodeTrained(bytes: Uint8Array): TrainedNetwork {
  const { metadata, tensors } = decodeTensors(bytes);
  const { format = "not given", network: text = "", dataset = "" } = metadata;
  if (format !== trainedFormat) throw new Error(`its format is ${format}, not ${trainedFormat}`);
  const graph = decodeNetwork(JSON.parse(text));
  if (graph.type !== "graph") throw new Error("its network is a row of a table");
  const shapes = (all: readonly (readonly [string, readonly number[]])[]): string =>
    all.map(([name, shape]) => `${name} ${shape.join("x")}`).join(", ");
  const found = shapes(tensors.map(({ name, shape }) => [name, shape]));
  const wanted = shapes(trainedTensors(graph).map(({ tensor, shape }) => [tensor, shape]));
  if (found !== wanted) throw new Error("its tensors are others than those of its network");
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
