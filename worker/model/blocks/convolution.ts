import * as tf from "@tensorflow/tfjs-core";
import { normalNumbers, type Random } from "../../../network/random.ts";
import { parameter, runKernel, withoutStatistics, type Block } from "../block.ts";

type Filter = [number, number, number, number];

/** tfjs's names of a convolution and its two gradients. */
const names = {
  full: { forward: tf.Conv2D, toInput: tf.Conv2DBackpropInput, toFilter: tf.Conv2DBackpropFilter },
  depthwise: {
    forward: tf.DepthwiseConv2dNative,
    toInput: tf.DepthwiseConv2dNativeBackpropInput,
    toFilter: tf.DepthwiseConv2dNativeBackpropFilter,
  },
} as const;

/**
 * A convolution without bias, zero padding of floor(kernel / 2) on every side.
 * Weights: normal with deviation sqrt(2 / inputs a number of the output sees) (He et al., arXiv 1502.01852, eq. 10).
 */
function convolutionOf(kind: keyof typeof names, filterShape: Filter, stride: number, random: Random): Block {
  const [kernel, , channels] = filterShape;
  const { forward, toInput, toFilter } = names[kind];
  const fanIn = kernel * kernel * (kind === "full" ? channels : 1);
  const size = filterShape.reduce((product, side) => product * side, 1);
  const filter = parameter(normalNumbers(random, size, Math.sqrt(2 / fanIn)), filterShape, true);
  const attributes = { strides: [stride, stride], pad: Math.floor(kernel / 2), dilations: [1, 1], dataFormat: "NHWC" };
  const infer = (x: tf.Tensor4D): tf.Tensor4D => runKernel(forward, { x, filter: filter.variable }, attributes);
  return withoutStatistics({
    parameters: [filter],
    infer,
    train: (x) => ({
      value: infer(x),
      back: (dy, wantInput) => {
        filter.gradient = runKernel(toFilter, { x, dy }, { ...attributes, filterShape });
        if (!wantInput) return undefined;
        const inputs = { dy, filter: filter.variable };
        return runKernel(toInput, inputs, { ...attributes, inputShape: x.shape });
      },
    }),
  });
}

/** A convolution over all channels. */
export function convolution(
  kernel: number,
  inChannels: number,
  outChannels: number,
  stride: number,
  random: Random,
): Block {
  return convolutionOf("full", [kernel, kernel, inChannels, outChannels], stride, random);
}

/** A convolution of each channel by itself. */
export function depthwiseConvolution(kernel: number, channels: number, stride: number, random: Random): Block {
  return convolutionOf("depthwise", [kernel, kernel, channels, 1], stride, random);
}
