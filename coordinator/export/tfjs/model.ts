import { NetworkError } from "../../../network/errors.ts";
import { outputFeatures, type Features } from "../../../network/shapes.ts";
import type { Graph } from "../../../network/types.ts";
import { addNetworkLayer } from "./layers.ts";
import { addLayer, type KerasWeight, type Topology } from "./topology.ts";

/** What turns pixels into numbers that a network was trained on: (pixel - mean) / deviation, of pixels from 0 to 255. */
export interface Normalization {
  readonly mean: number;
  readonly deviation: number;
}

/** A tensor by value, rows first. */
export interface Weights {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What to write as a model that tfjs opens. */
export interface TfjsModelInput {
  readonly graph: Graph;
  /** Those of the network, named as weights.proto does under each layer's index, and the statistics beside each scale and shift. */
  readonly weights: readonly Weights[];
  readonly normalization: Normalization;
  readonly generatedBy: string;
  /** Read back by `model.getUserDefinedMetadata()`; plain JSON. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Files of a model's folder by name. */
export interface TfjsModel {
  readonly modelJson: string;
  readonly shards: ReadonlyMap<string, Uint8Array>;
}

/** As tfjs's own converter cuts them, so that browsers can cache each. */
const shardBytes = 4 * 2 ** 20;

/** The layers of a whole model: pixels from 0 to 255 in, a probability a class out, the logits one layer before. */
function topologyOf({ input, layers }: Graph, { mean, deviation }: Normalization): Topology {
  const topology: Topology = { layers: [], weights: [] };
  const shape = [null, input.height, input.width, input.channels];
  const config = { batch_input_shape: shape, dtype: "float32", sparse: false };
  let value = addLayer(topology, { kind: "InputLayer", name: "pixels", config });
  const scaling = { scale: 1 / deviation, offset: -mean / deviation };
  value = addLayer(topology, { kind: "Rescaling", name: "normalized", config: scaling }, value);
  let features: Features = { type: "map", ...input };
  for (const [index, layer] of layers.entries()) {
    value = addNetworkLayer(topology, layer, index, features.channels, value);
    const output = outputFeatures(features, layer);
    if (output === undefined) {
      const message = `${layer.type} cannot be applied to a ${features.type}.`;
      throw new NetworkError("invalid", [{ path: `graph.layers[${index}]`, message }]);
    }
    features = output;
  }
  addLayer(topology, { kind: "Activation", name: "probabilities", config: { activation: "softmax" } }, value);
  return topology;
}

/** The tensor behind a weight. Throws Error where it is missing or has another size. */
function valuesOf({ tensor, shape }: KerasWeight, weights: ReadonlyMap<string, Weights>): Float32Array {
  const values = weights.get(tensor)?.values;
  const size = shape.reduce((product, side) => product * side, 1);
  if (values?.length !== size) {
    const found = values === undefined ? "are missing" : `are ${values.length} numbers`;
    throw new Error(`The weights ${tensor} ${found}; the network has ${size} of them.`);
  }
  return values;
}

function concatenated(parts: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(parts.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)));
}

function cut(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes));
  return new Map(
    Array.from({ length: count }, (_, index) => [
      `group1-shard${index + 1}of${count}.bin`,
      bytes.subarray(index * shardBytes, (index + 1) * shardBytes),
    ]),
  );
}

/**
 * A network as a LayersModel of tfjs, of Keras's own layers alone: `tf.loadLayersModel` opens it without this project. It takes pixels
 * from 0 to 255, [batch, height, width, channels], and yields a probability for each class.
 * @throws NetworkError where layers do not fit together; Error where the weights are not the network's.
 */
export function tfjsModel({ graph, weights, normalization, generatedBy, metadata }: TfjsModelInput): TfjsModel {
  const topology = topologyOf(graph, normalization);
  const byName = new Map(weights.map((one) => [one.name, one]));
  const shards = cut(concatenated(topology.weights.map((weight) => valuesOf(weight, byName))));
  const specs = topology.weights.map(({ name, shape }) => ({ name, shape, dtype: "float32" }));
  const { layers } = topology;
  const ends = { input_layers: [["pixels", 0, 0]], output_layers: [["probabilities", 0, 0]] };
  const config = { name: "fpnas", layers, ...ends };
  // The version of Keras is that whose JSON form this is.
  const modelTopology = { class_name: "Model", config, keras_version: "2.15.0", backend: "tensorflow" };
  const model = {
    format: "layers-model",
    generatedBy,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [...shards.keys()], weights: specs }],
    userDefinedMetadata: metadata,
  };
  return { modelJson: `${JSON.stringify(model)}\n`, shards };
}
