import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "../../data/batches.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { Model } from "../../model/model.ts";
import { scoreLogits, type Score } from "../score.ts";

/** A batch as tensors, which belong to the caller. */
export function tensorsOf({ input }: Dataset, { count, images, labels }: Batch): readonly [tf.Tensor4D, tf.Tensor1D] {
  return [tf.tensor4d(images, [count, input.height, input.width, input.channels]), tf.tensor1d(labels, "int32")];
}

/**
 * Measures a model on a batch by the batch's own statistics in every normalization, as weights that are shared by networks have none of their
 * own (papers: FP-NAS, FBNetV2).
 */
export async function scoreBatch(model: Model, dataset: Dataset, batch: Batch): Promise<Score> {
  const logits = tf.tidy(() => {
    const [images] = tensorsOf(dataset, batch);
    return model.train(images).value;
  });
  const rows = (await logits.data()) as Float32Array;
  logits.dispose();
  const { right, loss } = scoreLogits(rows, batch.labels.subarray(0, batch.count));
  return { accuracy: right / batch.count, loss: loss / batch.count };
}
