/** Trains on one backend: losses-main.js BACKEND COUNT SEED. Prints the losses of the first COUNT of 300 steps as JSON. */
import * as tf from "@tensorflow/tfjs-core";
import { backendNames } from "../../../worker/backend/backend.ts";
import { selectBackend } from "../../../worker/backend/select-backend.ts";
import { trainingBatches } from "../../../worker/data/batches.ts";
import { loadDataset } from "../../../worker/data/load-dataset.ts";
import { learningRateAt } from "../../../worker/evaluator/learning-rate.ts";
import { buildModel } from "../../../worker/model/model.ts";
import { createMomentum } from "../../../worker/model/momentum.ts";
import { trainingStep } from "../../../worker/model/training-step.ts";
import { oneOf } from "../../bench/flags.ts";
import { twoBlockNetwork } from "../../../worker/backend/measure-backend.ts";

const batch = 64;
const peakRate = 0.1;
/** What the learning rate's schedule is for, however many are made. */
const steps = 300;

async function losses(count: number, seed: number): Promise<readonly number[]> {
  const dataset = await loadDataset("fashion-mnist");
  const { height, width, channels } = dataset.input;
  const model = buildModel(twoBlockNetwork(2), seed);
  const optimizer = createMomentum(model.parameters, 0.9, 1e-4);
  const seen: number[] = [];
  for (const { images, labels } of trainingBatches(dataset, dataset.train, batch, seed, 0)) {
    const x = tf.tensor4d(images, [batch, height, width, channels]);
    const y = tf.tensor1d(labels, "int32");
    const loss = trainingStep(model, optimizer, x, y, learningRateAt(seen.length, steps, peakRate));
    seen.push((await loss.data())[0] ?? NaN);
    tf.dispose([x, y, loss]);
    if (seen.length === count) break;
  }
  return seen;
}

const [backend = "", count, seed] = process.argv.slice(2);
try {
  await selectBackend(oneOf("backend", backend, backendNames));
  console.log(JSON.stringify(await losses(Number(count), Number(seed))));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
process.exit();
