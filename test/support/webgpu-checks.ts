/**
 * `node webgpu-checks.js CHECK..`: computes on the webgpu backend and prints what comes of it, a JSON value a line. It has to be started with a
 * GPU in sight (software-gpu.ts), and is one process for all checks because a program for the GPU is compiled once a process.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { Graph } from "../../network/types.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { contextOf, MemoryCheckpoints } from "./training-checkpoints.ts";
import { computeCase, kernelCases } from "./training-kernels.ts";
import { trainingLosses } from "./training-losses.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "./training-networks.ts";

let check = "";
const say = (value: object): void => void process.stdout.write(`${JSON.stringify({ check, value })}\n`);
const backend = await selectBackend("webgpu");
const gpu = (): WebGPUBackend => tf.backend() as unknown as WebGPUBackend;
const dataset = tinyDataset({ train: 8, validation: 4, test: 4 });
const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
const evaluation = { ...tinyTraining, steps: 1, batch: 4 };

/** A network of widths that no other trial has. */
const networkOf = (trial: number): Graph => ({
  ...tinyNetwork,
  layers: [
    { type: "conv", outChannels: 4 + trial, kernel: 1, stride: 2, batchNorm: true, activation: "relu" },
    { type: "globalPool" },
    { type: "dense", units: 3, bias: true, activation: "none" },
  ],
});

/** Why an evaluation fails. */
async function failureOf(
  evaluation: Promise<unknown>,
): Promise<{ readonly reason: unknown; readonly message: string }> {
  try {
    await evaluation;
  } catch (error) {
    const { reason = null, message } = error as Error & { readonly reason?: string };
    return { reason, message };
  }
  return { reason: null, message: "it did not fail" };
}

const checks: Readonly<Record<string, () => Promise<void>>> = {
  kernels: async () => {
    for (const kernelCase of kernelCases) {
      const values = await computeCase(kernelCase);
      say({
        name: kernelCase.name,
        values: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64"),
      });
    }
  },
  losses: async () => say({ losses: await trainingLosses(10) }),
  trials: async () => {
    for (let trial = 0; trial < 50; trial += 1) {
      await evaluator.evaluate(networkOf(trial), evaluation, contextOf());
      const { numTensors } = tf.memory();
      const pool = gpu().bufferManager;
      say({ tensors: numTensors, buffers: pool.getNumUsedBuffers() });
    }
  },
  checkpoint: async () => {
    const longer = { ...evaluation, steps: 4 };
    const figures = async (checkpoints: MemoryCheckpoints) => {
      const { accuracy, loss, extra } = await evaluator.evaluate(
        networkOf(0),
        longer,
        contextOf(undefined, checkpoints),
      );
      return { accuracy, loss, resumedAtStep: extra["resumedAtStep"] ?? 0 };
    };
    const checkpoints = new MemoryCheckpoints(null, 3);
    const whole = await figures(checkpoints);
    say({ whole, resumed: await figures(new MemoryCheckpoints(checkpoints.taken.at(-1)?.bytes ?? null)) });
  },
  tooLarge: async () => {
    const layers: Graph["layers"] = [
      { type: "conv", outChannels: 2 ** 22, kernel: 1, stride: 1, batchNorm: true, activation: "none" },
      ...networkOf(0).layers.slice(1),
    ];
    say(await failureOf(evaluator.evaluate({ ...tinyNetwork, layers }, evaluation, contextOf())));
  },
  diverged: async () => {
    const steep = { ...evaluation, steps: 20, learningRate: 1e30 };
    say(await failureOf(evaluator.evaluate(networkOf(0), steep, contextOf())));
  },
  lost: async () => {
    const { device } = gpu();
    setImmediate(() => device.destroy());
    say(await failureOf(evaluator.evaluate(networkOf(0), { ...evaluation, steps: 1000 }, contextOf())));
    say(await evaluator.evaluate(networkOf(0), evaluation, contextOf()));
  },
};

for (check of process.argv.slice(2)) await checks[check]?.();
