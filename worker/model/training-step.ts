import * as tf from "@tensorflow/tfjs-core";
import { softmaxCrossEntropy } from "./loss.ts";
import type { Model } from "./model.ts";
import type { Optimizer } from "./momentum.ts";

/**
 * Forward pass, backward pass and update over one batch. The mean loss is returned unread: reading it waits for the device.
 * @param smoothing as in `softmaxCrossEntropy`.
 */
export function trainingStep(
  model: Model,
  optimizer: Optimizer,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  learningRate: number,
  smoothing = 0,
): tf.Scalar {
  return tf.tidy(() => {
    const { value, back } = model.train(images);
    const { mean, gradient } = softmaxCrossEntropy(value, labels, smoothing);
    back(gradient, false);
    optimizer.step(learningRate);
    return mean;
  });
}
