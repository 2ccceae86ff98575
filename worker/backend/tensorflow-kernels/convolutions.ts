import * as tf from "@tensorflow/tfjs-core";
import { first, type Attribute, type Operations } from "./operation.ts";
import { replaceKernel } from "../replace-kernel.ts";

type Sides = [number, number, number, number];

/** The attributes that tfjs's convolution kernels carry; which of the shapes is there depends on the kernel. */
interface ConvAttributes {
  readonly strides: number | readonly [number, number];
  readonly pad: unknown;
  readonly dilations?: number | readonly [number, number];
  readonly filterShape?: Sides;
  readonly inputShape?: Sides;
}

const pair = (value: number | readonly [number, number]): readonly [number, number] =>
  typeof value === "number" ? [value, value] : value;

/** TensorFlow's words for the padding: "same" where that is what the number comes to, as it is the better trodden path. */
function paddingOf(pad: unknown, filter: Sides, strides: readonly number[]): Readonly<Record<string, Attribute>> {
  if (pad === "same" || pad === "valid") return { padding: { text: pad.toUpperCase() } };
  if (typeof pad !== "number")
    throw new Error(`a convolution on tensorflow: padding ${JSON.stringify(pad)} is not supported`);
  if (pad === 0) return { padding: { text: "VALID" } };
  const [height, width] = filter;
  const keepsSize = strides.every((stride) => stride === 1) && height === 2 * pad + 1 && width === 2 * pad + 1;
  if (keepsSize) return { padding: { text: "SAME" } };
  return { padding: { text: "EXPLICIT" }, explicit_paddings: { ints: [0, 0, pad, pad, pad, pad, 0, 0] } };
}

function attributesOf(
  { strides, pad, dilations = 1 }: ConvAttributes,
  filter: Sides,
): Readonly<Record<string, Attribute>> {
  const stride = pair(strides);
  return {
    T: { type: "float32" },
    strides: { ints: [1, ...stride, 1] },
    ...paddingOf(pad, filter, stride),
    data_format: { text: "NHWC" },
    dilations: { ints: [1, ...pair(dilations), 1] },
  };
}

function register(
  kernelName: string,
  run: (inputs: Readonly<Record<"x" | "dy" | "filter", tf.TensorInfo>>, attributes: ConvAttributes) => tf.TensorInfo,
): void {
  replaceKernel(kernelName, "tensorflow", ({ inputs, attrs }) =>
    run(inputs as Record<"x" | "dy" | "filter", tf.TensorInfo>, attrs as unknown as ConvAttributes),
  );
}

/** Runs one of TensorFlow's gradients, which take the shape of their result as a tensor. */
function gradient(
  operations: Operations,
  name: string,
  shape: Sides,
  inputs: (shape: tf.Tensor) => readonly tf.TensorInfo[],
  attributes: Readonly<Record<string, Attribute>>,
): tf.TensorInfo {
  const sizes = tf.tensor1d(shape, "int32");
  try {
    return first(operations.run(name, inputs(sizes), attributes));
  } finally {
    sizes.dispose();
  }
}

function required(shape: Sides | undefined): Sides {
  if (shape === undefined) throw new Error("a convolution's gradient on tensorflow: no shape of its result was given");
  return shape;
}

/** tfjs's names of a convolution and its two gradients, which are also TensorFlow's. */
const families = [
  [tf.Conv2D, tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter],
  [tf.DepthwiseConv2dNative, tf.DepthwiseConv2dNativeBackpropInput, tf.DepthwiseConv2dNativeBackpropFilter],
] as const;

/**
 * Convolutions and their gradients with any padding: tfjs's own take a number as padding only where TensorFlow has a word for it, and
 * else would want every map copied with a margin of zeros.
 */
export function registerConvolutions(operations: Operations): void {
  for (const [forward, toInput, toFilter] of families) {
    register(forward, ({ x, filter }, attributes) =>
      first(operations.run(forward, [x, filter], attributesOf(attributes, filter.shape as Sides))),
    );
    register(toInput, ({ dy, filter }, attributes) =>
      gradient(
        operations,
        toInput,
        required(attributes.inputShape),
        (sizes) => [sizes, filter, dy],
        attributesOf(attributes, filter.shape as Sides),
      ),
    );
    register(toFilter, ({ x, dy }, attributes) => {
      const shape = required(attributes.filterShape);
      return gradient(operations, toFilter, shape, (sizes) => [x, sizes, dy], attributesOf(attributes, shape));
    });
  }
}
