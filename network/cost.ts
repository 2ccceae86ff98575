import { NetworkError } from "./errors.ts";
import { outputFeatures, type Features } from "./shapes.ts";
import type { Conv, Cost, Dense, Graph, Layer, MbConv } from "./types.ts";

/** What one layer costs, or several together. */
export interface CostParts {
  /** Multiply-accumulates for one example (see `Cost`). */
  readonly macs: number;
  /** Convolution kernels and matrices. */
  readonly weights: number;
  /** Biases of dense layers and of squeeze-and-excitation. */
  readonly biases: number;
  /** Scale and shift of batch normalization. */
  readonly batchNorm: number;
  /** Input elements of average pools, squeeze-and-excitation's included: what FBNetV2's FLOPS count beside the MACs. */
  readonly poolInputs: number;
}

/** One row of a breakdown. */
export interface LayerCost extends CostParts {
  readonly type: Layer["type"];
  readonly output: Features;
}

/** The cost of a graph and of each of its layers. */
export interface CostBreakdown extends CostParts, Cost {
  readonly layers: readonly LayerCost[];
}

const free: CostParts = { macs: 0, weights: 0, biases: 0, batchNorm: 0, poolInputs: 0 };

function add(a: CostParts, b: CostParts): CostParts {
  return {
    macs: a.macs + b.macs,
    weights: a.weights + b.weights,
    biases: a.biases + b.biases,
    batchNorm: a.batchNorm + b.batchNorm,
    poolInputs: a.poolInputs + b.poolInputs,
  };
}

function positions(features: Features): number {
  return features.type === "map" ? features.height * features.width : 1;
}

/** A convolution of `groups` equal groups; `batchNorm` where scale and shift follow. */
function convolution(weights: number, outChannels: number, output: Features, batchNorm: boolean): CostParts {
  return { ...free, macs: positions(output) * weights, weights, batchNorm: batchNorm ? 2 * outChannels : 0 };
}

function convCost(layer: Conv, input: Features, output: Features): CostParts {
  const weights = layer.kernel ** 2 * input.channels * layer.outChannels;
  return convolution(weights, layer.outChannels, output, layer.batchNorm);
}

function mbConvCost(layer: MbConv, input: Features, output: Features): CostParts {
  const { midChannels: mid, outChannels, kernel, seChannels } = layer;
  const expansion = mid === input.channels ? free : convolution(input.channels * mid, mid, input, true);
  const depthwise = convolution(kernel ** 2 * mid, mid, output, true);
  const projection = convolution(mid * outChannels, outChannels, output, true);
  return [depthwise, gateCost(mid, seChannels, output), projection].reduce(add, expansion);
}

/** Squeeze-and-excitation: the mean over all positions, then two linear layers with bias. */
function gateCost(mid: number, seChannels: number, output: Features): CostParts {
  if (seChannels === 0) return free;
  const weights = 2 * mid * seChannels;
  return { macs: weights, weights, biases: mid + seChannels, batchNorm: 0, poolInputs: positions(output) * mid };
}

function denseCost(layer: Dense, input: Features): CostParts {
  const weights = input.channels * layer.units;
  return { ...free, macs: weights, weights, biases: layer.bias ? layer.units : 0 };
}

/** What a layer costs on an input that it can be applied to. */
function partsOf(layer: Layer, input: Features, output: Features): CostParts {
  switch (layer.type) {
    case "conv":
      return convCost(layer, input, output);
    case "mbconv":
      return mbConvCost(layer, input, output);
    case "globalPool":
      return { ...free, poolInputs: positions(input) * input.channels };
    case "dense":
      return denseCost(layer, input);
  }
}

/** The cost of one layer on the given input; undefined where the layer cannot be applied to it. */
export function layerCost(layer: Layer, input: Features): LayerCost | undefined {
  const output = outputFeatures(input, layer);
  return output === undefined ? undefined : { type: layer.type, output, ...partsOf(layer, input, output) };
}

/**
 * The cost of a graph, split by kind and by layer.
 * Checked against every network of NAS-Bench-Macro (arXiv 2103.11922) and the published FBNetV2 models (arXiv 2004.05565).
 * @throws NetworkError where a layer cannot follow the one before it.
 */
export function costBreakdown(graph: Graph): CostBreakdown {
  const layers: LayerCost[] = [];
  let features: Features = { type: "map", ...graph.input };
  for (const [index, layer] of graph.layers.entries()) {
    const cost = layerCost(layer, features);
    if (cost === undefined) {
      const message = `${layer.type} cannot be applied to a ${features.type}.`;
      throw new NetworkError("invalid", [{ path: `graph.layers[${index}]`, message }]);
    }
    layers.push(cost);
    features = cost.output;
  }
  const sum = layers.reduce<CostParts>(add, free);
  return { ...sum, params: sum.weights + sum.biases + sum.batchNorm, layers };
}

/**
 * MACs and params of a graph.
 * @throws NetworkError where a layer cannot follow the one before it.
 */
export function networkCost(graph: Graph): Cost {
  const { macs, params } = costBreakdown(graph);
  return { macs, params };
}
