import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../../network/types.ts";
import type { BackendName } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { buildModel } from "../../worker/model/model.ts";
import { createMomentum } from "../../worker/model/momentum.ts";
import { trainingStep } from "../../worker/model/training-step.ts";

/** Images trained on a second by one backend: the median step of `seconds`, after a first one that counts only where it alone is longer. */
export async function trainingRate(
  name: BackendName,
  graph: Graph,
  batch: number,
  seconds: number,
): Promise<{ readonly imagesPerSecond: number; readonly steps: number; readonly heapMib: number }> {
  const backend = await selectBackend(name);
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
  const firstMs = await step();
  const stepMs: number[] = firstMs > seconds * 1000 ? [firstMs] : [];
  while (stepMs.reduce((sum, ms) => sum + ms, 0) < seconds * 1000) stepMs.push(await step());
  const { heapBytes } = backend.memory();
  tf.dispose([images, labels]);
  optimizer.dispose();
  model.dispose();
  const median = stepMs.toSorted((a, b) => a - b)[Math.floor(stepMs.length / 2)] ?? NaN;
  return { imagesPerSecond: (batch * 1000) / median, steps: stepMs.length, heapMib: Math.round(heapBytes / 2 ** 20) };
}
