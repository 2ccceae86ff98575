import { setImmediate as nextTurn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { SupernetEvaluation } from "../../../network/evaluation.ts";
import { trainingBatches, type Batch } from "../../data/batches.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { Model } from "../../model/model.ts";
import { createMomentum } from "../../model/momentum.ts";
import { trainingStep } from "../../model/training-step.ts";
import { EvaluationError } from "../evaluator.ts";
import { momentum } from "../momentum.ts";
import { tensorsOf } from "./batch-score.ts";

/**
 * Trains a model for the local steps on train batches of the evaluation's seed, from a velocity of zero, and returns the loss of the first batch
 * before its step. Yields to the event loop after every step. Rejects with EvaluationError `nan_loss` where the first or the last loss is no
 * number, and with the signal's reason once it is aborted.
 */
export async function makeLocalSteps(
  model: Model,
  dataset: Dataset,
  { localSteps, batch: size, seed, learningRate, weightDecay }: SupernetEvaluation,
  signal: AbortSignal,
): Promise<number> {
  const optimizer = createMomentum(model.parameters, momentum, weightDecay);
  const losses: tf.Scalar[] = [];
  try {
    const batches = trainingBatches(dataset, dataset.train, size, seed, 0);
    for (let step = 0; step < localSteps; step += 1) {
      const [images, labels] = tensorsOf(dataset, (batches.next() as IteratorYieldResult<Batch>).value);
      losses.push(trainingStep(model, optimizer, images, labels, learningRate));
      tf.dispose([images, labels]);
      // Reading a loss waits for the device: the first and the last are enough to tell what happened between.
      if (losses.length > 2) losses.splice(1, 1)[0]?.dispose();
      await nextTurn();
      signal.throwIfAborted();
    }
    const values = await Promise.all(losses.map(async (loss) => (await loss.data())[0] ?? NaN));
    const odd = values.find((value) => !Number.isFinite(value));
    if (odd !== undefined) throw new EvaluationError("nan_loss", `A train loss is ${odd} within ${localSteps} steps.`);
    return values[0] ?? NaN;
  } finally {
    tf.dispose(losses);
    optimizer.dispose();
  }
}
