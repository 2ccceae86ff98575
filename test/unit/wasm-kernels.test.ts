import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { selectBackend } from "../../worker/backend/select-backend.ts";
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
