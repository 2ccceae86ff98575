import * as tf from "@tensorflow/tfjs-core";
import { distilledCrossEntropy, softmaxCrossEntropy } from "./loss.ts";
import type { Model } from "./model.ts";
import type { Optimizer } from "./momentum.ts";

/** What a step learns beside plain labels. */
export interface Objective {
  /** As in `softmaxCrossEntropy`. */
  readonly smoothing: number;
  /** Whose probabilities of the same images are learned, too; it infers. */
  readonly teacher: Pick<Model, "infer"> | null;
}

/** Nothing but the labels. */
export const plainObjective: Objective = { smoothing: 0, teacher: null };

/** Forward pass, backward pass and update over one batch. The mean loss is returned unread: reading it waits for the device. */
export function trainingStep(
  model: Model,
  optimizer: Optimizer,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  learningRate: number,
  { smoothing, teacher }: Objective = plainObjective,
): tf.Scalar {
  return tf.tidy(() => {
    const taught = teacher?.infer(images) ?? null;
    const { value, back } = model.train(images);
    const { mean, gradient } =
      taught === null
        ? softmaxCrossEntropy(value, labels, smoothing)
        : distilledCrossEntropy(value, labels, smoothing, taught);
    back(gradient, false);
    optimizer.step(learningRate);
    return mean;
  });
}
