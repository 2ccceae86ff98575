import type * as tf from "@tensorflow/tfjs-core";
import { outputFeatures, type Features } from "../../network/shapes.ts";
import type { Graph, Layer } from "../../network/types.ts";
import { EvaluationError } from "../evaluator/evaluator.ts";
import { randomStream } from "../../network/random.ts";
import type { Block, Parameter, Trace } from "./block.ts";
import { chain } from "./blocks/chain.ts";
import { buildLayer } from "./ops/registry.ts";

/** A network with its weights, on the backend in use. */
export interface Model {
  readonly parameters: readonly Parameter[];
  /** The tensors behind the parameters, in order of application. */
  readonly variables: readonly tf.Variable[];
  /** What inference needs beside: mean and variance of each normalization in order, as gathered in calibration. */
  readonly statistics: readonly tf.Variable[];
  /** Logits for each image. */
  readonly outputs: number;
  /** How many numbers training changes: equal to the network's analytic `params`. */
  countParams(): number;
  /** Logits as [batch, 1, 1, classes] for inference, by the statistics of calibration. */
  infer(images: tf.Tensor4D): tf.Tensor4D;
  /** The same in training, by each batch's own statistics, and the way back. */
  train(images: tf.Tensor4D): Trace;
  /** Lets a batch enter the normalizations' statistics for inference: for some batches of the train part, once training has ended. */
  calibrate(images: tf.Tensor4D): void;
  /** Frees every tensor of the model. */
  dispose(): void;
}

/** Builds the blocks into `built` and returns how many logits the last one yields. */
function buildBlocks(graph: Graph, seed: number, built: Block[]): number {
  let features = { type: "map", ...graph.input } as Features;
  graph.layers.forEach((layer: Layer, index) => {
    built.push(buildLayer(layer, features.channels, randomStream(seed, `weights/${index}`)));
    const output = outputFeatures(features, layer);
    if (output === undefined) {
      const detail = `Layer ${index}: ${layer.type} cannot be applied to a ${features.type}.`;
      throw new EvaluationError("infeasible", detail);
    }
    features = output;
  });
  if (features.type !== "vector") {
    throw new EvaluationError("infeasible", "The network ends in a map, not in one logit a class.");
  }
  return features.channels;
}

const disposeAll = (blocks: readonly Block[]): void => {
  for (const { parameters, state } of blocks) {
    for (const { variable, gradient } of parameters) {
      variable.dispose();
      gradient?.dispose();
    }
    for (const variable of state) variable.dispose();
  }
};

/**
 * Builds a network with fresh weights, a function of the seed alone: each layer draws from a stream of its own.
 * @throws EvaluationError `unknown_operation` for a layer that this worker does not know, `infeasible` for layers that do not fit together.
 */
export function buildModel(graph: Graph, seed: number): Model {
  const built: Block[] = [];
  let outputs: number;
  try {
    outputs = buildBlocks(graph, seed, built);
  } catch (error) {
    disposeAll(built);
    throw error;
  }
  const [first, ...rest] = built;
  if (first === undefined) throw new EvaluationError("infeasible", "The network has no layers.");
  const whole = chain(first, ...rest);
  return {
    parameters: whole.parameters,
    variables: whole.parameters.map(({ variable }) => variable),
    statistics: whole.state,
    outputs,
    countParams: () => whole.parameters.reduce((sum, { variable }) => sum + variable.size, 0),
    infer: (images) => whole.infer(images),
    train: (images) => whole.train(images),
    calibrate: (images) => whole.calibrate(images).dispose(),
    dispose: () => disposeAll([whole]),
  };
}
