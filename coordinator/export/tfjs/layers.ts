import type { Activation, Conv, Dense, Layer, MbConv } from "../../../network/types.ts";
import { addLayer, type Topology } from "./topology.ts";

/** What batch normalization adds to the variance (worker/model). */
const epsilon = 1e-5;

/** A layer of the network on its way into a model of Keras layers. */
interface Step {
  readonly topology: Topology;
  /** What the names of its Keras layers begin with. */
  readonly name: string;
  /** What the names of its tensors begin with. */
  readonly tensors: string;
  readonly inChannels: number;
}

interface Window {
  readonly kernel: number;
  readonly stride: number;
}

/**
 * Zeros of floor(kernel / 2) on every side. TensorFlow's "same" is that at stride 1 only: at others it puts fewer before than after.
 */
function pad({ topology }: Step, name: string, { kernel, stride }: Window, input: string): readonly [string, string] {
  if (stride === 1) return [input, "same"];
  const side = Math.floor(kernel / 2);
  if (side === 0) return [input, "valid"];
  const config = { padding: [[side, side], [side, side]], data_format: "channels_last" }; // prettier-ignore
  return [addLayer(topology, { kind: "ZeroPadding2D", name: `${name}_pad`, config }, input), "valid"];
}

function convolution(
  step: Step,
  [name, tensor]: readonly [string, string],
  { kernel, stride, inChannels, outChannels }: Window & { readonly inChannels: number; readonly outChannels: number },
  input: string,
): string {
  const [padded, padding] = pad(step, name, { kernel, stride }, input);
  const window = { kernel_size: [kernel, kernel], strides: [stride, stride], padding, data_format: "channels_last" };
  const config = { filters: outChannels, ...window, dilation_rate: [1, 1], activation: "linear", use_bias: false };
  const weights = { kernel: { shape: [kernel, kernel, inChannels, outChannels], tensor } };
  return addLayer(step.topology, { kind: "Conv2D", name, config, weights }, padded);
}

function depthwise(step: Step, name: string, tensor: string, window: Window, channels: number, input: string): string {
  const { kernel, stride } = window;
  const [padded, padding] = pad(step, name, window, input);
  const side = { kernel_size: [kernel, kernel], strides: [stride, stride], padding, data_format: "channels_last" };
  const config = { ...side, dilation_rate: [1, 1], depth_multiplier: 1, activation: "linear", use_bias: false };
  const weights = { depthwise_kernel: { shape: [kernel, kernel, channels, 1], tensor } };
  return addLayer(step.topology, { kind: "DepthwiseConv2D", name, config, weights }, padded);
}

function normalization({ topology }: Step, name: string, tensor: string, channels: number, input: string): string {
  const named = { gamma: "scale", beta: "shift", moving_mean: "mean", moving_variance: "variance" };
  const weights = Object.fromEntries(
    Object.entries(named).map(([weight, part]) => [weight, { shape: [channels], tensor: `${tensor}/${part}` }]),
  );
  const config = { axis: -1, epsilon, center: true, scale: true };
  return addLayer(topology, { kind: "BatchNormalization", name, config, weights }, input);
}

function activation({ topology }: Step, name: string, kind: Activation, input: string): string {
  switch (kind) {
    case "none":
      return input;
    case "relu":
      return addLayer(topology, { kind: "ReLU", name: `${name}_relu` }, input);
    case "relu6":
      return addLayer(topology, { kind: "ReLU", name: `${name}_relu6`, config: { max_value: 6 } }, input);
    case "swish":
      return addLayer(topology, { kind: "Activation", name: `${name}_swish`, config: { activation: "swish" } }, input);
  }
}

function linear(
  { topology }: Step,
  [name, tensor]: readonly [string, string],
  [inputs, units]: readonly [number, number],
  { bias, activation: kind }: { readonly bias: boolean; readonly activation: "linear" | "relu" | "sigmoid" },
  input: string,
): string {
  const kernel = { shape: [inputs, units], tensor };
  const weights = bias ? { kernel, bias: { shape: [units], tensor: `${tensor}/bias` } } : { kernel };
  const config = { units, activation: kind, use_bias: bias };
  return addLayer(topology, { kind: "Dense", name, config, weights }, input);
}

function addConv(step: Step, { outChannels, batchNorm, ...layer }: Conv, input: string): string {
  const { name, tensors, inChannels } = step;
  const tensor = `${tensors}/conv${layer.kernel}`;
  const filtered = convolution(step, [`${name}_conv`, tensor], { ...layer, inChannels, outChannels }, input);
  const normalized = batchNorm
    ? normalization(step, `${name}_norm`, `${tensors}/norm`, outChannels, filtered)
    : filtered;
  return activation(step, name, layer.activation, normalized);
}

function addMbConv(step: Step, layer: MbConv, input: string): string {
  const { name, tensors, inChannels } = step;
  const { midChannels: mid, outChannels, kernel, stride } = layer;
  const norm = (part: string, channels: number, before: string): string =>
    normalization(step, `${name}_${part}_norm`, `${tensors}/${part}`, channels, before);
  let value = input;
  if (mid !== inChannels) {
    const shape = { kernel: 1, stride: 1, inChannels, outChannels: mid };
    const expanded = convolution(step, [`${name}_expand`, `${tensors}/expand`], shape, value);
    value = activation(step, `${name}_expand`, layer.activation, norm("expand", mid, expanded));
  }
  const tensor = `${tensors}/depthwise${kernel}`;
  const filtered = depthwise(step, `${name}_depthwise`, tensor, { kernel, stride }, mid, value);
  value = activation(step, `${name}_depthwise`, layer.activation, norm("depthwise", mid, filtered));
  if (layer.seChannels > 0) value = addGate(step, mid, layer.seChannels, value);
  const shape = { kernel: 1, stride: 1, inChannels: mid, outChannels };
  const projected = convolution(step, [`${name}_project`, `${tensors}/project`], shape, value);
  value = norm("project", outChannels, projected);
  if (stride !== 1 || inChannels !== outChannels) return value;
  return addLayer(step.topology, { kind: "Add", name: `${name}_add` }, input, value);
}

/** Squeeze-and-excitation (arXiv 1709.01507). */
function addGate(step: Step, mid: number, hidden: number, input: string): string {
  const { topology, name, tensors } = step;
  const pooled = addPool(topology, `${name}_squeeze_pool`, input);
  const squeeze = { bias: true, activation: "relu" } as const;
  const squeezed = linear(step, [`${name}_squeeze`, `${tensors}/squeeze`], [mid, hidden], squeeze, pooled);
  const excite = { bias: true, activation: "sigmoid" } as const;
  const excited = linear(step, [`${name}_excite`, `${tensors}/excite`], [hidden, mid], excite, squeezed);
  const config = { target_shape: [1, 1, mid] };
  const gate = addLayer(topology, { kind: "Reshape", name: `${name}_gate`, config }, excited);
  return addLayer(topology, { kind: "Multiply", name: `${name}_gated` }, input, gate);
}

function addPool(topology: Topology, name: string, input: string): string {
  const config = { data_format: "channels_last" };
  return addLayer(topology, { kind: "GlobalAveragePooling2D", name, config }, input);
}

function addDense(step: Step, layer: Dense, input: string): string {
  const { name, tensors, inChannels } = step;
  const sizes = [inChannels, layer.units] as const;
  const kind = { bias: layer.bias, activation: "linear" } as const;
  return activation(
    step,
    name,
    layer.activation,
    linear(step, [`${name}_dense`, `${tensors}/dense`], sizes, kind, input),
  );
}

/**
 * Adds what computes one layer of a network, on an input of that many channels, and returns the name of the Keras layer that ends it.
 * Tensors are named as proto/fpnas/v1/weights.proto does, under the layer's index.
 */
export function addNetworkLayer(
  topology: Topology,
  layer: Layer,
  index: number,
  inChannels: number,
  input: string,
): string {
  const step: Step = { topology, name: `layer${index}`, tensors: String(index), inChannels };
  switch (layer.type) {
    case "conv":
      return addConv(step, layer, input);
    case "mbconv":
      return addMbConv(step, layer, input);
    case "globalPool":
      return addPool(topology, `${step.name}_pool`, input);
    case "dense":
      return addDense(step, layer, input);
  }
}
