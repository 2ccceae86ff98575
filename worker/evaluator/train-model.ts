import { setImmediate as nextTurn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import { trainingBatches } from "../data/batches.ts";
import type { Dataset, Examples } from "../data/dataset.ts";
import { trainingStep } from "../model/training-step.ts";
import { EvaluationError } from "./evaluator.ts";
import { learningRateAt } from "./learning-rate.ts";
import type { Training } from "./training.ts";

/** Steps from one look at the loss to the next: looking waits for the device. A weight that is no number stays none, so nothing is missed. */
const stepsPerLook = 10;

/** One step on a batch, which it frees. */
function stepOnce(
  training: Training,
  [images, labels]: readonly [tf.Tensor4D, tf.Tensor1D],
  learningRate: number,
  smoothing: number,
): tf.Scalar {
  const { model, optimizer, teacher } = training;
  try {
    const loss = trainingStep(model, optimizer, images, labels, learningRate, { smoothing, teacher });
    training.step += 1;
    training.average?.update(training.step);
    return loss;
  } finally {
    tf.dispose([images, labels]);
  }
}

/**
 * Makes the steps that a training still lacks: stochastic gradient descent with momentum, cosine schedule with warm-up, weight decay on
 * convolution and dense weights, and what the recipe adds. Yields to the event loop after every step, so that heartbeats go out. Rejects with EvaluationError `nan_loss`
 * within a few steps of the loss leaving the numbers, and with the signal's reason once it is aborted.
 */
export async function trainModel(
  training: Training,
  dataset: Dataset,
  examples: Examples,
  evaluation: TrainEvaluation,
  signal: AbortSignal,
): Promise<void> {
  const { steps, batch: size, seed, learningRate, recipe } = evaluation;
  const { height, width, channels } = dataset.input;
  for (const batch of trainingBatches(dataset, examples, size, seed, training.step, recipe.augment)) {
    if (training.step >= steps) break;
    const images = tf.tensor4d(batch.images, [size, height, width, channels]);
    const labels = tf.tensor1d(batch.labels, "int32");
    const rate = learningRateAt(training.step, steps, learningRate);
    const loss = stepOnce(training, [images, labels], rate, recipe.labelSmoothing);
    const { step } = training;
    const looked = step % stepsPerLook === 0 || step === steps ? (await loss.data())[0] : 0;
    loss.dispose();
    if (!Number.isFinite(looked)) {
      throw new EvaluationError("nan_loss", `The loss is ${String(looked)} after ${step} of ${steps} steps.`);
    }
    await nextTurn();
    signal.throwIfAborted();
  }
}
