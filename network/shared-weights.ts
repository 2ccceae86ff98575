import { NetworkError } from "./errors.ts";
import { outputFeatures, type Features } from "./shapes.ts";
import type { Graph, Layer, MbConv } from "./types.ts";

/** How a tensor of a supernet begins. */
export type Initial =
  /** Normal of mean 0. */
  { readonly type: "normal"; readonly deviation: number } | { readonly type: "constant"; readonly value: number };

/**
 * A tensor, or the slice of one that a network uses: the first so many places of each dimension (fpnas.v1.WeightsSlice). Row-major.
 */
export interface WeightsSlice {
  readonly tensor: string;
  readonly shape: readonly number[];
}

/** A tensor as a supernet holds it. */
export interface SharedTensor extends WeightsSlice {
  readonly initial: Initial;
}

const constant = (tensor: string, size: number, value: number): SharedTensor => {
  return { tensor, shape: [size], initial: { type: "constant", value } };
};

/** Deviation sqrt(2 / inputs a number of the output sees), as a network with weights of its own has it (He et al., arXiv 1502.01852, eq. 10). */
function filter(tensor: string, shape: readonly [number, number, number, number], fanIn: number): SharedTensor {
  return { tensor, shape, initial: { type: "normal", deviation: Math.sqrt(2 / fanIn) } };
}

function convolution(tensor: string, kernel: number, inChannels: number, outChannels: number): SharedTensor {
  return filter(tensor, [kernel, kernel, inChannels, outChannels], kernel * kernel * inChannels);
}

function normalization(name: string, channels: number): readonly SharedTensor[] {
  return [constant(`${name}/scale`, channels, 1), constant(`${name}/shift`, channels, 0)];
}

function mbConvTensors(name: string, layer: MbConv, inChannels: number): readonly SharedTensor[] {
  const { midChannels: mid, outChannels, kernel, seChannels: se } = layer;
  const expansion = [convolution(`${name}/expand`, 1, inChannels, mid), ...normalization(`${name}/expand`, mid)];
  const gate = [
    ...[convolution(`${name}/squeeze`, 1, mid, se), constant(`${name}/squeeze/bias`, se, 0)],
    ...[convolution(`${name}/excite`, 1, se, mid), constant(`${name}/excite/bias`, mid, 0)],
  ];
  return [
    ...(mid === inChannels ? [] : expansion),
    // A kernel of another size is a tensor of its own (papers share width and expansion, not the kernel's positions).
    filter(`${name}/depthwise${kernel}`, [kernel, kernel, mid, 1], kernel * kernel),
    ...normalization(`${name}/depthwise`, mid),
    ...(se === 0 ? [] : gate),
    convolution(`${name}/project`, 1, mid, outChannels),
    ...normalization(`${name}/project`, outChannels),
  ];
}

/**
 * The tensors of which a layer uses slices, in the order in which proto/fpnas/v1/weights.proto lists them, each in the shape of its slice.
 * @param name the layer's `sharedWeights`.
 */
export function layerTensors(name: string, layer: Layer, inChannels: number): readonly SharedTensor[] {
  switch (layer.type) {
    case "conv":
      return [
        convolution(`${name}/conv${layer.kernel}`, layer.kernel, inChannels, layer.outChannels),
        ...(layer.batchNorm ? normalization(`${name}/norm`, layer.outChannels) : []),
      ];
    case "mbconv":
      return mbConvTensors(name, layer, inChannels);
    case "globalPool":
      return [];
    case "dense":
      return [
        convolution(`${name}/dense`, 1, inChannels, layer.units),
        ...(layer.bias ? [constant(`${name}/dense/bias`, layer.units, 0)] : []),
      ];
  }
}

/**
 * The slices of which a network is made, in the order of its parameters. No tensor twice.
 * @throws NetworkError `invalid` where a layer with weights does not say which, or two name the same.
 */
export function sharedSlices(graph: Graph): readonly WeightsSlice[] {
  const slices: WeightsSlice[] = [];
  const names = new Set<string>();
  let features: Features = { type: "map", ...graph.input };
  for (const [index, layer] of graph.layers.entries()) {
    if (layer.type !== "globalPool") {
      const name = layer.sharedWeights;
      const path = `graph.layers[${index}].sharedWeights`;
      if (name === undefined)
        throw new NetworkError("invalid", [{ path, message: "is missing: the weights are to be shared." }]);
      if (names.has(name)) throw new NetworkError("invalid", [{ path, message: `repeats ${name}.` }]);
      names.add(name);
      slices.push(...layerTensors(name, layer, features.channels).map(({ tensor, shape }) => ({ tensor, shape })));
    }
    const output = outputFeatures(features, layer);
    if (output === undefined) {
      const message = `${layer.type} cannot be applied to a ${features.type}.`;
      throw new NetworkError("invalid", [{ path: `graph.layers[${index}]`, message }]);
    }
    features = output;
  }
  return slices;
}

/**
 * The smallest supernet that all the given slices fit into: for each name the largest of every dimension, in order of first appearance. A
 * tensor begins as its largest slice does on its own: by the most inputs.
 */
export function enclosingTensors(slices: Iterable<SharedTensor>): readonly SharedTensor[] {
  const tensors = new Map<string, SharedTensor>();
  for (const slice of slices) {
    const known = tensors.get(slice.tensor);
    tensors.set(slice.tensor, known === undefined ? slice : enclose(known, slice));
  }
  return [...tensors.values()];
}

function enclose(a: SharedTensor, b: SharedTensor): SharedTensor {
  const shape = a.shape.map((side, dimension) => Math.max(side, b.shape[dimension] ?? 0));
  const isWider =
    a.initial.type === "normal" && b.initial.type === "normal" && b.initial.deviation < a.initial.deviation;
  return { tensor: a.tensor, shape, initial: isWider ? b.initial : a.initial };
}
