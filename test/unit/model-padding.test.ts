import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../../network/types.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { buildModel } from "../../worker/model/model.ts";
import { createMomentum } from "../../worker/model/momentum.ts";
import { trainingStep } from "../../worker/model/training-step.ts";

const block = { midChannels: 6, seChannels: 0, activation: "relu6" } as const;

/** Every pair of kernel and stride; an even and an odd size at stride 2. */
const network: Graph = {
  type: "graph",
  input: { height: 14, width: 14, channels: 1 },
  layers: [
    { type: "conv", outChannels: 4, kernel: 3, stride: 2, batchNorm: true, activation: "relu6" },
    { type: "mbconv", ...block, outChannels: 4, kernel: 5, stride: 2 },
    { type: "mbconv", ...block, outChannels: 5, kernel: 3, stride: 1 },
    { type: "mbconv", ...block, outChannels: 5, kernel: 3, stride: 2 },
    { type: "conv", outChannels: 6, kernel: 1, stride: 2, batchNorm: false, activation: "none" },
    { type: "globalPool" },
    { type: "dense", units: 3, bias: true, activation: "none" },
  ],
};

/** Losses of a few steps on the backend in use. */
function losses(): number[] {
  const model = buildModel(network, 3);
  const optimizer = createMomentum(model.parameters, 0.9, 0);
  const images = tf.randomNormal<tf.Rank.R4>([6, 14, 14, 1], 0, 1, "float32", 5);
  const labels = tf.tensor1d([0, 1, 2, 0, 1, 2], "int32");
  return Array.from({ length: 4 }, () => {
    const loss = trainingStep(model, optimizer, images, labels, 0.05);
    return loss.dataSync()[0] ?? NaN;
  });
}

describe("a backend that pads only by name, as native TensorFlow does", () => {
  beforeAll(async () => {
    await selectBackend("cpu");
    // The plain backend under TensorFlow's name, with convolutions as choosy as TensorFlow's.
    tf.registerBackend("tensorflow", () => tf.findBackend("cpu"));
    for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("cpu")) {
      tf.registerKernel({
        kernelName,
        backendName: "tensorflow",
        kernelFunc: (call) => {
          const pad = (call.attrs as { pad?: unknown } | undefined)?.pad;
          if (/^(Depthwise)?Conv2d/i.test(kernelName) && typeof pad === "number") {
            throw new Error(`${kernelName} pads only by name, not by ${String(pad)}`);
          }
          return kernelFunc(call);
        },
      });
    }
  });

  test("trains as any other does", async () => {
    await tf.setBackend("cpu");
    const expected = losses();
    await tf.setBackend("tensorflow");
    const found = losses();
    expect(found).toHaveLength(4);
    found.forEach((loss, step) => expect(loss).toBeCloseTo(expected[step]!, 4));
  });
});
