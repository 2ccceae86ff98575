import * as tf from "@tensorflow/tfjs-core";

/** The loss of a batch and its gradient. */
export interface Loss {
  /** Mean over the batch in nats, a scalar that is not read back yet. */
  readonly mean: tf.Scalar;
  /** Gradient of the mean to the logits, in their shape. */
  readonly gradient: tf.Tensor4D;
}

/**
 * Softmax cross-entropy of logits [batch, 1, 1, classes] and labels [batch] (int32).
 * @param smoothing share of each label, 0 to 1, that is spread evenly over all classes (arXiv 1512.00567, section 7).
 */
export function softmaxCrossEntropy(logits: tf.Tensor4D, labels: tf.Tensor1D, smoothing = 0): Loss {
  const [batch, , , classes] = logits.shape;
  return tf.tidy(() => {
    const rows = tf.reshape(logits, [batch, classes]);
    const hard = tf.cast(tf.oneHot(labels, classes), "float32");
    const target = smoothing === 0 ? hard : tf.add(tf.mul(hard, 1 - smoothing), smoothing / classes);
    const logProbabilities = tf.logSoftmax(rows);
    const mean = tf.div<tf.Scalar>(tf.sum(tf.mul(target, logProbabilities)), -batch);
    const gradient = tf.reshape(tf.div(tf.sub(tf.exp(logProbabilities), target), batch), logits.shape);
    return { mean, gradient };
  }) as unknown as Loss;
}

/**
 * Simple distillation (FP-NAS, section 7): half the cross-entropy to the labels, smoothed as in `softmaxCrossEntropy`, and half the
 * Kullback-Leibler divergence from the teacher's probabilities t to the model's p, sum t * (log t - log p), at temperature 1.
 * @param teacher logits of the same images, in the shape of `logits`.
 */
export function distilledCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor1D,
  smoothing: number,
  teacher: tf.Tensor4D,
): Loss {
  const [batch, , , classes] = logits.shape;
  return tf.tidy(() => {
    const ofLabels = softmaxCrossEntropy(logits, labels, smoothing);
    const rows = (tensor: tf.Tensor4D): tf.Tensor => tf.logSoftmax(tf.reshape(tensor, [batch, classes]));
    const [own, taught] = [rows(logits), rows(teacher)];
    const target = tf.exp(taught);
    const divergence = tf.div(tf.sum(tf.mul(target, tf.sub(taught, own))), batch);
    const toTeacher = tf.reshape(tf.div(tf.sub(tf.exp(own), target), batch), logits.shape);
    return {
      mean: tf.div<tf.Scalar>(tf.add(ofLabels.mean, divergence), 2),
      gradient: tf.div<tf.Tensor4D>(tf.add(ofLabels.gradient, toTeacher), 2),
    };
  });
}
