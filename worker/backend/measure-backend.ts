import { performance } from "node:perf_hooks";
import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../../network/types.ts";
import { buildModel } from "../model/model.ts";
import { createMomentum } from "../model/momentum.ts";
import { trainingStep } from "../model/training-step.ts";
import type { Backend } from "./backend.ts";
import { selfCheck } from "./self-check.ts";

/** How a backend does in the process that loaded it. */
export interface BackendFigures {
  readonly version: string;
  readonly device: string;
  /** Images of 28x28x1 trained on a second, by a small network of two inverted bottlenecks. */
  readonly imagesPerSecond: number;
  /** The most memory that the process has held at once. */
  readonly peakBytes: number;
}

/** Two inverted bottlenecks for images of 28x28x1 and 10 classes: the network that backends are compared by. */
export function twoBlockNetwork(stemStride: number): Graph {
  const block = { type: "mbconv", kernel: 3, stride: 2, seChannels: 0, activation: "relu6" } as const;
  return {
    type: "graph",
    input: { height: 28, width: 28, channels: 1 },
    layers: [
      { type: "conv", outChannels: 16, kernel: 3, stride: stemStride, batchNorm: true, activation: "relu6" },
      { ...block, midChannels: 96, outChannels: 24 },
      { ...block, midChannels: 144, outChannels: 40 },
      { type: "globalPool" },
      { type: "dense", units: 10, bias: true, activation: "none" },
    ],
  };
}

const batch = 64;
/** Steps on so few images show how slow a backend is before those on whole batches take for ever. */
const firstBatch = 4;
const longestFirstMs = 150;
const firstTries = 3;
/** Steps from one wait for the device to the next, as in training. */
const stepsPerBlock = 3;
const measuredMs = 600;
const fewestBlocks = 3;

/** Times steps on batches of `size` images, with a wait for the device after the last of each block. */
function blocksOf(size: number, steps: number): { readonly run: () => Promise<number>; readonly dispose: () => void } {
  const model = buildModel(twoBlockNetwork(2), 1);
  const optimizer = createMomentum(model.parameters, 0.9, 1e-4);
  const images = tf.tensor4d(
    Float32Array.from({ length: size * 28 * 28 }, (_, i) => Math.sin(i * 0.37)),
    [size, 28, 28, 1],
  );
  const labels = tf.tensor1d(
    Int32Array.from({ length: size }, (_, i) => i % 10),
    "int32",
  );
  return {
    run: async () => {
      const startedMs = performance.now();
      for (let step = 1; step <= steps; step += 1) {
        const loss = trainingStep(model, optimizer, images, labels, 0.05);
        if (step === steps) await loss.data();
        loss.dispose();
      }
      return performance.now() - startedMs;
    },
    dispose: () => {
      optimizer.dispose();
      model.dispose();
      tf.dispose([images, labels]);
    },
  };
}

/** Training speed of the backend in use, by the fastest of what fits into about half a second after warming up: others disturb, never help. */
async function imagesPerSecond(): Promise<number> {
  const first = blocksOf(firstBatch, 1);
  try {
    await first.run();
    const firstMs = await fastestOf(firstTries, first.run);
    if (firstMs > longestFirstMs) return (firstBatch * 1000) / firstMs;
  } finally {
    first.dispose();
  }
  const blocks = blocksOf(batch, stepsPerBlock);
  try {
    const warmUpMs = await blocks.run();
    const tries = Math.max(fewestBlocks, Math.ceil(measuredMs / warmUpMs));
    return (batch * stepsPerBlock * 1000) / (await fastestOf(tries, blocks.run));
  } finally {
    blocks.dispose();
  }
}

async function fastestOf(tries: number, run: () => Promise<number>): Promise<number> {
  let fastestMs = Infinity;
  for (let i = 0; i < tries; i += 1) fastestMs = Math.min(fastestMs, await run());
  return fastestMs;
}

/** Checks the backend in use, then measures it. Rejects where it computes wrongly. */
export async function measureBackend({ version, device }: Backend): Promise<BackendFigures> {
  await selfCheck();
  const rate = await imagesPerSecond();
  return { version, device, imagesPerSecond: rate, peakBytes: process.resourceUsage().maxRSS * 1024 };
}
