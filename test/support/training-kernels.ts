import * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../../network/types.ts";
import type { Block } from "../../worker/model/block.ts";
import { batchNorm } from "../../worker/model/blocks/batch-norm.ts";
import { bias } from "../../worker/model/blocks/bias.ts";
import { chain } from "../../worker/model/blocks/chain.ts";
import { convolution, depthwiseConvolution } from "../../worker/model/blocks/convolution.ts";
import { gated } from "../../worker/model/blocks/gate.ts";
import { globalPool } from "../../worker/model/blocks/pool.ts";
import { residual } from "../../worker/model/blocks/residual.ts";
import { softmaxCrossEntropy } from "../../worker/model/loss.ts";
import { createMomentum } from "../../worker/model/momentum.ts";
import { randomStream } from "../../network/random.ts";

/** Something that every backend has to compute as tfjs's cpu backend does. */
export interface KernelCase {
  readonly name: string;
  /** All that is computed, on the backend in use, as one vector. */
  readonly compute: () => tf.Tensor;
}

const normal = (shape: readonly number[], seed: number): tf.Tensor4D =>
  tf.randomNormal([...shape] as [number, number, number, number], 0, 1, "float32", seed);

const behindEachOther = (tensors: readonly tf.Tensor[]): tf.Tensor =>
  tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));

type Pad = "same" | "valid" | number;

/** Gradients of a convolution to input and filter for a random gradient of its output. */
function gradients(
  isDepthwise: boolean,
  inputShape: readonly number[],
  filterShape: readonly number[],
  strides: number,
  pad: Pad,
): tf.Tensor {
  const x = normal(inputShape, 1);
  const filter = normal(filterShape, 2);
  const y = isDepthwise ? tf.depthwiseConv2d(x, filter, strides, pad) : tf.conv2d(x, filter, strides, pad);
  const dy = normal(y.shape, 3);
  const kernel = isDepthwise ? "DepthwiseConv2dNative" : "Conv2D";
  const attributes = { strides: [strides, strides], pad, dilations: [1, 1], dataFormat: "NHWC" };
  const run = (name: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor =>
    tf.engine().runKernel(`${kernel}${name}`, inputs, { ...attributes, ...more });
  const dx = run("BackpropInput", { dy, filter }, { inputShape });
  const dw = run("BackpropFilter", { x, dy }, { filterShape });
  return behindEachOther([dx, dw]);
}

const settings = [1, 2].flatMap((stride) =>
  [1, 3, 5].flatMap((kernel) =>
    (["same", "valid", Math.floor(kernel / 2)] as const).map((pad) => ({ stride, kernel, pad })),
  ),
);

const convolutions = settings.map(({ stride, kernel, pad }): KernelCase => {
  const shapes = [
    [8, 7, 3, 5],
    [9, 9, 1, 16],
    [5, 6, 8, 21],
    [7, 5, 9, 12],
  ] as const;
  return {
    name: `gradients of a convolution ${kernel}x${kernel}, stride ${stride}, padding ${pad}`,
    compute: () =>
      behindEachOther(
        shapes.map(([height, width, input, output]) =>
          gradients(false, [2, height, width, input], [kernel, kernel, input, output], stride, pad),
        ),
      ),
  };
});

const depthwise = settings.map(({ stride, kernel, pad }): KernelCase => {
  const shapes = [
    [8, 7, 3],
    [9, 9, 8],
    [5, 6, 45],
    [14, 14, 24],
  ] as const;
  return {
    name: `gradients of a depthwise convolution ${kernel}x${kernel}, stride ${stride}, padding ${pad}`,
    compute: () =>
      behindEachOther(
        shapes.map(([height, width, channels]) =>
          gradients(true, [2, height, width, channels], [kernel, kernel, channels, 1], stride, pad),
        ),
      ),
  };
});

const forward = (
  [
    [1, 1],
    [3, 1],
    [3, 2],
    [5, 1],
    [5, 2],
    [7, 1],
    [7, 3],
  ] as const
).map(([kernel, stride]): KernelCase => ({
  name: `depthwise convolution ${kernel}x${kernel}, stride ${stride}`,
  compute: () =>
    behindEachOther(
      (["same", "valid", Math.floor(kernel / 2)] as const).map((pad) =>
        tf.depthwiseConv2d(normal([2, 9, 8, 30], 1), normal([kernel, kernel, 30, 1], 2), stride, pad),
      ),
    ),
}));

const unusual = (
  [
    ["a depthwise filter larger than the image", true, [2, 3, 2, 5], [7, 7, 5, 1], 1, 3],
    ["a high depthwise filter, stride 3", true, [2, 11, 9, 6], [7, 5, 6, 1], 3, "same"],
    ["a filter larger than the image", false, [2, 3, 2, 5], [7, 7, 5, 4], 1, 3],
    ["a high filter, stride 3", false, [1, 11, 9, 6], [5, 3, 6, 4], 3, "same"],
    ["a 1x1 filter over thousands of pixels", false, [40, 9, 9, 6], [1, 1, 6, 4], 1, "valid"],
    ["a depthwise filter over thousands of pixels", true, [40, 9, 9, 6], [3, 3, 6, 1], 1, 1],
    ["a 1x1 filter over many channels", false, [2, 4, 4, 70], [1, 1, 70, 40], 1, "valid"],
  ] as const
).map(([name, isDepthwise, input, filter, stride, pad]): KernelCase => ({
  name: `gradients of ${name}`,
  compute: () => gradients(isDepthwise, input, filter, stride, pad),
}));

/** Forward in training, way back, one step of the optimizer, calibration and inference of a block whose every parameter is random. */
function passes(build: () => Block, inputShape: readonly number[]): tf.Tensor {
  const block = build();
  block.parameters.forEach(({ variable }, index) => {
    variable.assign(tf.add(1, tf.mul(0.5, tf.randomNormal(variable.shape, 0, 1, "float32", 10 + index))));
  });
  const x = normal(inputShape, 1);
  const { value, back } = block.train(x);
  const y = tf.clone(value);
  const dx = back(normal(value.shape, 2), true);
  const gradients = block.parameters.map(({ gradient }) =>
    gradient === undefined ? tf.zeros([1]) : tf.clone(gradient),
  );
  const optimizer = createMomentum(block.parameters, 0.9, 0.01);
  optimizer.step(0.1);
  const weights = block.parameters.map(({ variable }) => tf.clone(variable));
  const calibrated = block.calibrate(x);
  const inferred = block.infer(x);
  const results = behindEachOther([
    y,
    ...(dx === undefined ? [] : [dx]),
    ...gradients,
    ...weights,
    calibrated,
    inferred,
  ]);
  optimizer.dispose();
  for (const { variable } of block.parameters) variable.dispose();
  for (const variable of block.state) variable.dispose();
  return results;
}

const random = (): (() => number) => randomStream(1, "kernels");
const activations: readonly Activation[] = ["none", "relu", "relu6", "swish"];

const blocks: readonly KernelCase[] = [
  ...activations.map((activation): KernelCase => ({
    name: `batch normalization and ${activation}`,
    compute: () =>
      behindEachOther([
        passes(() => batchNorm(5, activation), [3, 4, 5, 5]),
        passes(() => batchNorm(24, activation), [13, 9, 9, 24]),
      ]),
  })),
  ...activations.map((activation): KernelCase => ({
    name: `bias and ${activation}`,
    compute: () => passes(() => bias(6, activation), [3, 4, 5, 6]),
  })),
  {
    name: "squeeze-and-excitation",
    compute: () =>
      passes(
        () =>
          gated(
            chain(
              globalPool(),
              convolution(1, 10, 4, 1, random()),
              bias(4, "relu"),
              convolution(1, 4, 10, 1, random()),
            ),
          ),
        [3, 4, 5, 10],
      ),
  },
  {
    name: "a convolution block with a residual",
    compute: () =>
      passes(
        () =>
          residual(
            chain(convolution(3, 6, 6, 1, random()), batchNorm(6, "swish"), depthwiseConvolution(3, 6, 1, random())),
          ),
        [2, 5, 5, 6],
      ),
  },
  {
    name: "the loss",
    compute: () => {
      const { mean, gradient } = softmaxCrossEntropy(
        normal([6, 1, 1, 10], 1),
        tf.tensor1d([0, 9, 3, 3, 7, 1], "int32"),
      );
      return behindEachOther([mean, gradient]);
    },
  },
];

/** All that training computes with. */
export const kernelCases: readonly KernelCase[] = [...convolutions, ...depthwise, ...forward, ...unusual, ...blocks];

/** Computes a case on the backend in use; throws where it leaves a tensor behind. */
export async function computeCase({ name, compute }: KernelCase): Promise<Float32Array> {
  const before = tf.memory().numTensors;
  const result = tf.tidy(compute);
  const values = await result.data<"float32">();
  result.dispose();
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`${name}: ${left} tensors are left`);
  return values;
}

/** The largest difference between two vectors relative to the largest value; Infinity where their lengths differ. */
export function differenceOf(expected: Float32Array, actual: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  return expected.reduce((most, value, i) => {
    const difference = Math.abs(value - (actual[i] ?? NaN)) / scale;
    return Math.max(most, Number.isNaN(difference) ? Infinity : difference);
  }, 0);
}
