import { setImmediate as nextTurn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import { evaluationBatches } from "../data/batches.ts";
import type { Dataset, Examples } from "../data/dataset.ts";
import type { Model } from "../model/model.ts";

/** Images of one forward pass; how many has no influence on what is measured. */
const batchSize = 256;

/** What a model achieves on examples. */
export interface Score {
  /** Share of examples whose largest logit is the label's; the first one counts where several are largest. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats; not finite where a logit is not. */
  readonly loss: number;
}

/** Cross-entropy of one row of logits, and whether its largest is the label's. */
function scoreRow(logits: Float32Array, label: number): { readonly right: boolean; readonly loss: number } {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return { right: logits.indexOf(largest) === label, loss: largest + Math.log(sum) - (logits[label] ?? NaN) };
}

/** How many rows of logits [labels.length, classes] are right, and the sum of their cross-entropies in nats. */
export function scoreLogits(
  rows: Float32Array,
  labels: ArrayLike<number>,
): { readonly right: number; readonly loss: number } {
  const classes = rows.length / labels.length;
  let [right, loss] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const score = scoreRow(rows.subarray(row * classes, (row + 1) * classes), labels[row] ?? -1);
    right += score.right ? 1 : 0;
    loss += score.loss;
  }
  return { right, loss };
}

/** Measures a model on the first `limit` of some examples. Rejects with the signal's reason once it is aborted. */
export async function scoreModel(
  model: Model,
  dataset: Dataset,
  examples: Examples,
  limit: number,
  signal: AbortSignal,
): Promise<Score> {
  const { height, width, channels } = dataset.input;
  let right = 0;
  let loss = 0;
  let count = 0;
  for (const batch of evaluationBatches(dataset, examples, batchSize, limit)) {
    const images = tf.tensor4d(batch.images, [batch.count, height, width, channels]);
    const logits = model.infer(images);
    const rows = (await logits.data()) as Float32Array;
    tf.dispose([images, logits]);
    const score = scoreLogits(rows, batch.labels);
    right += score.right;
    loss += score.loss;
    count += batch.count;
    await nextTurn();
    signal.throwIfAborted();
  }
  return { accuracy: right / count, loss: loss / count };
}
