import * as tf from "@tensorflow/tfjs-core";
import { buildModel } from "../../worker/model/model.ts";
import { createMomentum } from "../../worker/model/momentum.ts";
import { trainingStep } from "../../worker/model/training-step.ts";
import { twoBlockNetwork } from "../../worker/backend/measure-backend.ts";

const batch = 4;

/** The mean loss before each of the first steps of the two-block MobileNet, on the backend in use: weights and batches are always the same. */
export async function trainingLosses(steps: number): Promise<readonly number[]> {
  const model = buildModel(twoBlockNetwork(2), 1);
  const optimizer = createMomentum(model.parameters, 0.9, 1e-4);
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const images = tf.randomNormal<tf.Rank.R4>([batch, 28, 28, 1], 0, 1, "float32", step + 1);
    const labels = tf.tensor1d(
      [0, 1, 2, 3].map((label) => (label + step) % 10),
      "int32",
    );
    const loss = trainingStep(model, optimizer, images, labels, 0.05);
    losses.push((await loss.data<"float32">())[0] ?? NaN);
    tf.dispose([images, labels, loss]);
  }
  optimizer.dispose();
  model.dispose();
  return losses;
}
