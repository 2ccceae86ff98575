import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../../../network/types.ts";
import type { BackendName } from "../../../worker/backend/backend.ts";
import { selectBackend } from "../../../worker/backend/select-backend.ts";
import { buildModel } from "../../../worker/model/model.ts";
import { createMomentum } from "../../../worker/model/momentum.ts";
import { trainingStep } from "../../../worker/model/training-step.ts";

/** What a training program tells of itself. */
export interface TrainingRate {
  /** By the median step after the first. */
  readonly imagesPerSecond: number;
  /** When the first step had ended, in milliseconds since 1970. */
  readonly firstStepEndedMs: number;
  /** The most memory that the process had. */
  readonly rssMib: number;
}

/** Trains on one batch again and again for so long, and reads the loss of each step. Rejects where the backend cannot be used. */
export async function trainingRate(
  name: BackendName,
  graph: Graph,
  batch: number,
  seconds: number,
): Promise<TrainingRate> {
  await selectBackend(name);
  const model = buildModel(graph, 1);
  const optimizer = createMomentum(model.parameters, 0.9, 1e-4);
  const { height, width, channels } = graph.input;
  const images = tf.randomNormal<tf.Rank.R4>([batch, height, width, channels], 0, 1, "float32", 1);
  const labels = tf.tensor1d(
    Array.from({ length: batch }, (_, index) => index % 10),
    "int32",
  );
  const step = async (): Promise<number> => {
    const started = performance.now();
    const loss = trainingStep(model, optimizer, images, labels, 0.05);
    await loss.data();
    loss.dispose();
    return performance.now() - started;
  };
  await step();
  const firstStepEndedMs = Date.now();
  const stepMs: number[] = [];
  for (let total = 0; total < seconds * 1000; total += stepMs.at(-1) ?? 0) stepMs.push(await step());
  const median = stepMs.toSorted((a, b) => a - b)[Math.floor(stepMs.length / 2)] ?? NaN;
  return {
    imagesPerSecond: (batch * 1000) / median,
    firstStepEndedMs,
    rssMib: process.resourceUsage().maxRSS / 1024,
  };
}
