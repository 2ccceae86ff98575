import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { selectBackend } from "../../worker/backend/select-backend.ts";

beforeAll(async () => {
  await selectBackend("wasm");
});

/** Runs the same computation on both backends and returns the largest difference relative to the largest value. */
async function difference(compute: () => tf.Tensor): Promise<number> {
  const results: Float32Array[] = [];
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const result = tf.tidy(compute);
    results.push((await result.data()) as Float32Array);
    result.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
  const [expected, actual] = results as [Float32Array, Float32Array];
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (actual[i] ?? NaN)) / scale), 0);
}

const normal = (shape: number[], seed: number): tf.Tensor4D =>
  tf.randomNormal(shape as [number, number, number, number], 0, 1, "float32", seed);

/** Gradients of a convolution to input and filter for a random gradient of its output, flattened behind each other. */
function gradients(
  depthwise: boolean,
  inputShape: number[],
  filterShape: number[],
  strides: number,
  pad: "same" | "valid" | number,
): tf.Tensor {
  const x = normal(inputShape, 1);
  const filter = normal(filterShape, 2);
  const y = depthwise ? tf.depthwiseConv2d(x, filter, strides, pad) : tf.conv2d(x, filter, strides, pad);
  const dy = normal(y.shape, 3);
  const kernel = depthwise ? "DepthwiseConv2dNative" : "Conv2D";
  const attributes = {
    strides: [strides, strides],
    pad,
    dilations: [1, 1],
    dataFormat: "NHWC",
    inputShape,
    filterShape,
  };
  const dx: tf.Tensor = tf.engine().runKernel(`${kernel}BackpropInput`, { dy, filter }, attributes);
  const dw: tf.Tensor = tf.engine().runKernel(`${kernel}BackpropFilter`, { x, dy }, attributes);
  return tf.concat([tf.reshape(dx, [-1]), tf.reshape(dw, [-1])]);
}

const cases = [1, 2].flatMap((stride) =>
  [1, 3, 5].flatMap((kernel) =>
    (["same", "valid", Math.floor(kernel / 2)] as const).map((pad) => ({ stride, kernel, pad })),
  ),
);

describe("the wasm gradient kernels agree with the cpu backend to 1e-4", () => {
  test.each(cases)("convolution $kernel x $kernel, stride $stride, padding $pad", async ({ stride, kernel, pad }) => {
    for (const [height, width, input, output] of [
      [8, 7, 3, 5],
      [9, 9, 1, 16],
      [5, 6, 8, 21],
      [7, 5, 9, 12],
    ] as const) {
      const shape = [2, height, width, input];
      expect(
        await difference(() => gradients(false, shape, [kernel, kernel, input, output], stride, pad)),
      ).toBeLessThan(1e-4);
    }
  });

  test.each(cases)("depthwise $kernel x $kernel, stride $stride, padding $pad", async ({ stride, kernel, pad }) => {
    for (const [height, width, channels] of [
      [8, 7, 3],
      [9, 9, 8],
      [5, 6, 45],
      [14, 14, 24],
    ] as const) {
      const shape = [2, height, width, channels];
      expect(await difference(() => gradients(true, shape, [kernel, kernel, channels, 1], stride, pad))).toBeLessThan(
        1e-4,
      );
    }
  });

  test("depthwise convolution forward, filters of any size", async () => {
    for (const [kernel, stride] of [
      [1, 1],
      [3, 1],
      [3, 2],
      [5, 1],
      [5, 2],
      [7, 1],
      [7, 3],
    ] as const) {
      for (const pad of ["same", "valid", Math.floor(kernel / 2)] as const) {
        const forward = () =>
          tf.depthwiseConv2d(normal([2, 9, 8, 30], 1), normal([kernel, kernel, 30, 1], 2), stride, pad);
        expect(await difference(forward)).toBeLessThan(1e-5);
      }
    }
  });

  test("a filter larger than the image, wide filters and strides of 3", async () => {
    expect(await difference(() => gradients(true, [2, 3, 2, 5], [7, 7, 5, 1], 1, 3))).toBeLessThan(1e-4);
    expect(await difference(() => gradients(true, [2, 11, 9, 6], [7, 5, 6, 1], 3, "same"))).toBeLessThan(1e-4);
    expect(await difference(() => gradients(false, [2, 3, 2, 5], [7, 7, 5, 4], 1, 3))).toBeLessThan(1e-4);
    expect(await difference(() => gradients(false, [1, 11, 9, 6], [5, 3, 6, 4], 3, "same"))).toBeLessThan(1e-4);
    expect(await difference(() => gradients(false, [40, 9, 9, 6], [1, 1, 6, 4], 1, "valid"))).toBeLessThan(1e-4);
  });

  test("what they cannot do is said clearly", async () => {
    await tf.setBackend("wasm");
    const x = normal([1, 6, 6, 2], 1);
    const run = (kernel: string, dy: tf.Tensor4D, attributes: object): unknown =>
      tf.engine().runKernel(kernel, { x, dy }, { strides: 1, pad: "same", ...attributes });
    const dilated = { dilations: [2, 2], filterShape: [3, 3, 2, 1] };
    expect(() => run("DepthwiseConv2dNativeBackpropFilter", x, dilated)).toThrow(
      /dilation 2x2 is not supported, only 1/,
    );
    const multiplied = normal([1, 6, 6, 4], 1);
    expect(() => run("DepthwiseConv2dNativeBackpropFilter", multiplied, { filterShape: [3, 3, 2, 2] })).toThrow(
      /channel multiplier of 2 is not supported, only 1/,
    );
    const channelsFirst = { dataFormat: "NCHW", filterShape: [3, 3, 2, 2] };
    expect(() => run("Conv2DBackpropFilter", x, channelsFirst)).toThrow(/NCHW is not supported, only NHWC/);
    tf.dispose([x, multiplied]);
  });
});
