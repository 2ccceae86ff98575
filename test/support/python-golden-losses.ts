import * as tf from "@tensorflow/tfjs-core";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import { trainingBatches } from "../../worker/data/batches.ts";
import type { Dataset, Examples } from "../../worker/data/dataset.ts";
import { learningRateAt } from "../../worker/evaluator/learning-rate.ts";
import type { Model } from "../../worker/model/model.ts";
import { createMomentum } from "../../worker/model/momentum.ts";
import { trainingStep } from "../../worker/model/training-step.ts";

/** Losses of so many steps are compared one by one. */
export const lossSteps = 10;

/** Numbers of float32 in as few digits as tell them apart. */
export const shorten = (values: ArrayLike<number>): number[] =>
  Array.from(values, (value) => Number(value.toPrecision(9)));

/** What the data set of a golden file is made anew from. */
export function describeDataset({ input, classes, mean, deviation, variation, ...parts }: Dataset) {
  const { train, validation, test } = parts;
  const counts = { train: train.count, validation: validation.count, test: test.count };
  return { input, classes, ...counts, mean, deviation, variation };
}

/** The losses of the first steps of a training, which the model then has made. */
export async function lossesOf(
  { model, teacher }: { readonly model: Model; readonly teacher: Model | null },
  dataset: Dataset,
  examples: Examples,
  { batch, seed, steps, learningRate, weightDecay, recipe }: TrainEvaluation,
): Promise<readonly number[]> {
  const optimizer = createMomentum(model.parameters, 0.9, weightDecay);
  const { height, width, channels } = dataset.input;
  const losses: number[] = [];
  for (const { images, labels } of trainingBatches(dataset, examples, batch, seed, 0, recipe.augment)) {
    if (losses.length === lossSteps) break;
    const tensors = [tf.tensor4d(images, [batch, height, width, channels]), tf.tensor1d(labels, "int32")] as const;
    const rate = learningRateAt(losses.length, steps, learningRate);
    const objective = { smoothing: recipe.labelSmoothing, teacher };
    const loss = trainingStep(model, optimizer, ...tensors, rate, objective);
    losses.push((await loss.data())[0] ?? NaN);
    tf.dispose([...tensors, loss]);
  }
  optimizer.dispose();
  return shorten(losses);
}
