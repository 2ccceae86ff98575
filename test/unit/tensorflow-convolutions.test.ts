import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { registerConvolutions } from "../../worker/backend/tensorflow-kernels/convolutions.ts";
import { Operations } from "../../worker/backend/tensorflow-kernels/operation.ts";

/** An attribute as tfjs's binding takes it. */
interface Given {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The operations asked for, by name, with their attributes' values. */
const asked: { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[] = [];

const binding = {
  ...{ TF_ATTR_TYPE: 1, TF_ATTR_FLOAT: 2, TF_ATTR_BOOL: 3, TF_ATTR_INT: 4, TF_ATTR_STRING: 5 },
  ...{ TF_FLOAT: 10, TF_INT32: 11 },
};

beforeAll(async () => {
  await tf.setBackend("cpu");
  tf.registerBackend("tensorflow", () => tf.findBackend("cpu"));
  await tf.setBackend("tensorflow");
  const operations = new Operations({
    binding,
    executeMultipleOutputs: (name, attributes) => {
      const given = attributes as readonly Given[];
      asked.push({ name, attributes: Object.fromEntries(given.map(({ name: key, value }) => [key, value])) });
      return [tf.tensor4d([0], [1, 1, 1, 1])];
    },
    incRef: () => undefined,
  });
  registerConvolutions(operations);
});

/** What TensorFlow is asked for by one of tfjs's kernels. */
function askedBy(kernel: string, size: number, stride: number, pad: unknown): (typeof asked)[number] | undefined {
  const ones = (...shape: [number, number, number, number]): tf.Tensor4D =>
    tf.tensor4d(new Float32Array(shape.reduce((a, b) => a * b)), shape);
  const inputs = { x: ones(1, 8, 8, 1), dy: ones(1, 8, 8, 1), filter: ones(size, size, 1, 1) };
  const shapes = { filterShape: [size, size, 1, 1], inputShape: [1, 8, 8, 1] };
  const attributes = { strides: [stride, stride], pad, dilations: [1, 1], dataFormat: "NHWC", ...shapes };
  tf.engine().runKernel(kernel, inputs, attributes as unknown as tf.NamedAttrMap);
  return asked.at(-1);
}

const kernels = [
  "Conv2D",
  "Conv2DBackpropInput",
  "Conv2DBackpropFilter",
  "DepthwiseConv2dNative",
  "DepthwiseConv2dNativeBackpropInput",
  "DepthwiseConv2dNativeBackpropFilter",
];

describe.each(kernels)("TensorFlow's %s", (kernel) => {
  test("is told by name what a padding comes to that keeps the size", () => {
    expect(askedBy(kernel, 3, 1, 1)).toMatchObject({ name: kernel, attributes: { padding: "SAME" } });
    expect(askedBy(kernel, 5, 1, 2)?.attributes).toMatchObject({ padding: "SAME", strides: [1, 1, 1, 1] });
    expect(askedBy(kernel, 1, 2, 0)?.attributes).toMatchObject({ padding: "VALID", strides: [1, 2, 2, 1] });
  });

  test("is told the number anywhere else, as its own word would pad one side more than the other", () => {
    const explicit = { padding: "EXPLICIT", explicit_paddings: [0, 0, 1, 1, 1, 1, 0, 0] };
    expect(askedBy(kernel, 3, 2, 1)?.attributes).toMatchObject(explicit);
    expect(askedBy(kernel, 5, 1, 1)?.attributes).toMatchObject(explicit);
  });

  test("refuses what it cannot pad", () => {
    expect(() => askedBy(kernel, 3, 1, [1, 2])).toThrow(/padding \[1,2\] is not supported/);
  });
});
