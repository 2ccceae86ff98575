import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { fusedKernels } from "../../worker/backend/kernels.ts";
import { runKernel, runKernelForAll } from "../../worker/model/block.ts";
import { randomStream } from "../../network/random.ts";
import { computeCase, differenceOf, kernelCases } from "../support/training-kernels.ts";

beforeAll(async () => {
  await selectBackend("wasm");
});

describe("the wasm backend agrees with the cpu backend to 1e-4", () => {
  test.each(kernelCases)("$name", async (kernelCase) => {
    await tf.setBackend("cpu");
    const expected = await computeCase(kernelCase);
    await tf.setBackend("wasm");
    expect(differenceOf(expected, await computeCase(kernelCase))).toBeLessThan(1e-4);
  });

  test("sums over 50,000 rows keep what float32 can tell: they are taken in blocks", async () => {
    await tf.setBackend("wasm");
    const [rows, channels] = [50_000, 3];
    const random = randomStream(1, "rows");
    const numbers = Float32Array.from({ length: rows * channels }, () => random() - 0.3);
    const ones = new Float32Array(rows * channels).fill(1);
    const mean = [0, 0, 0];
    numbers.forEach((number, index) => (mean[index % channels] = (mean[index % channels] ?? 0) + number / rows));
    const shape: [number, number, number, number] = [1, rows / 50, 50, channels];
    const [x, dy] = [tf.tensor4d(numbers, shape), tf.tensor4d(ones, shape)];
    const moments = runKernelForAll(
      fusedKernels.batchNormTrain,
      { x, gamma: tf.ones([channels]), beta: tf.zeros([channels]) },
      { epsilon: 1e-5, activation: "none" },
    );
    const dw = runKernel("Conv2DBackpropFilter", { x, dy }, { strides: 1, pad: 0, filterShape: [1, 1, channels, 3] });
    const depthwise = runKernel(
      "DepthwiseConv2dNativeBackpropFilter",
      { x, dy },
      { strides: 1, pad: 0, filterShape: [1, 1, channels, 1] },
    );
    const relative = (sums: ArrayLike<number>, count: number): number[] =>
      mean.map((value, channel) => Math.abs((sums[channel] ?? NaN) / (value * count) - 1));
    const perInput = (await dw.data()).filter((_, index) => index % 3 === 0);
    const seen = [
      relative((await moments[1]?.data()) ?? [], 1),
      relative(perInput, rows),
      relative(await depthwise.data(), rows),
    ];
    // A single running sum is off by 1e-5.
    expect(Math.max(...seen.flat())).toBeLessThan(2e-6);
  });

  test("what its kernels cannot do is said clearly", async () => {
    await tf.setBackend("wasm");
    const x = tf.ones<tf.Rank.R4>([1, 6, 6, 2]);
    const run = (kernel: string, dy: tf.Tensor4D, attributes: object): unknown =>
      tf.engine().runKernel(kernel, { x, dy }, { strides: 1, pad: "same", ...attributes });
    const dilated = { dilations: [2, 2], filterShape: [3, 3, 2, 1] };
    expect(() => run("DepthwiseConv2dNativeBackpropFilter", x, dilated)).toThrow(
      /dilation 2x2 is not supported, only 1/,
    );
    const multiplied = tf.ones<tf.Rank.R4>([1, 6, 6, 4]);
    expect(() => run("DepthwiseConv2dNativeBackpropFilter", multiplied, { filterShape: [3, 3, 2, 2] })).toThrow(
      /channel multiplier of 2 is not supported, only 1/,
    );
    const channelsFirst = { dataFormat: "NCHW", filterShape: [3, 3, 2, 2] };
    expect(() => run("Conv2DBackpropFilter", x, channelsFirst)).toThrow(/NCHW is not supported, only NHWC/);
    tf.dispose([x, multiplied]);
  });
});
