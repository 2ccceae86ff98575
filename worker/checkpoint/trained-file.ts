import { canonicalJson } from "../../network/canonical.ts";
import { decodeNetwork } from "../../network/codec.ts";
import { trainedFormat, trainedTensors } from "../../network/trained-tensors.ts";
import type { Graph } from "../../network/types.ts";
import { decodeTensors, encodeTensors, type NamedTensor } from "./tensor-file.ts";

/** A network with its trained weights. */
export interface TrainedNetwork {
  /** Without names of shared weights: these are its own. */
  readonly graph: Graph;
  /** Name of the data set that it was trained on. */
  readonly dataset: string;
  /** In the order of `trainedTensors`. */
  readonly tensors: readonly NamedTensor[];
}

/** The file of a trained network: safetensors, with the network and the data set beside the tensors (docs/result.md, Trained weights). */
export function encodeTrained({ graph, dataset, tensors }: TrainedNetwork): Uint8Array {
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
