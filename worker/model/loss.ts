import * as tf from "@tensorflow/tfjs-core";

/** The loss of a batch and its gradient. */
export interface Loss {
  /** Mean cross-entropy in nats, a scalar that is not read back yet. */
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
