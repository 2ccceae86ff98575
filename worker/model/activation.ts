import * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../../network/types.ts";

/** The activation of z as a new tensor. */
export function activate(activation: Activation, z: tf.Tensor4D): tf.Tensor4D {
  switch (activation) {
    case "none":
      return tf.clone(z);
    case "relu":
      return tf.relu(z);
    case "relu6":
      return tf.relu6(z);
    case "swish":
      return tf.tidy(() => tf.mul(z, tf.sigmoid(z)));
  }
}

/** The gradient to z as a new tensor, from the one to the activation of z. */
export function activationGradient(activation: Activation, z: tf.Tensor4D, dy: tf.Tensor4D): tf.Tensor4D {
  switch (activation) {
    case "none":
      return tf.clone(dy);
    case "relu":
      return tf.tidy(() => tf.mul(dy, tf.cast(tf.greater(z, 0), "float32")));
    case "relu6":
      return tf.tidy(() => {
        const between = tf.logicalAnd(tf.greater(z, 0), tf.less(z, 6));
        return tf.mul(dy, tf.cast(between, "float32"));
      });
    case "swish":
      return tf.tidy(() => {
        const sigmoid = tf.sigmoid(z);
        const slope = tf.mul(sigmoid, tf.add(1, tf.mul(z, tf.sub(1, sigmoid))));
        return tf.mul(dy, slope);
      });
  }
}
