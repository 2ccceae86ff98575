import * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../../../network/types.ts";
import { activate, activationGradient } from "../activation.ts";
import { parameter, withoutStatistics, type Block } from "../block.ts";

/** activation(x + bias); the bias starts at zero. */
export function bias(channels: number, activation: Activation): Block {
  const shift = parameter(new Float32Array(channels), [channels], false);
  const infer = (x: tf.Tensor4D): tf.Tensor4D => tf.tidy(() => activate(activation, tf.add(x, shift.variable)));
  return withoutStatistics({
    parameters: [shift],
    infer,
    train: (x) => ({
      value: infer(x),
      back: (dy, toInput) => {
        const dz = tf.tidy(() => activationGradient(activation, tf.add(x, shift.variable), dy));
        shift.gradient = tf.sum(dz, [0, 1, 2]);
        if (toInput) return dz;
        dz.dispose();
        return undefined;
      },
    }),
  });
}

/** An activation without anything before it. */
export function activationOnly(activation: Activation): Block {
  return withoutStatistics({
    parameters: [],
    infer: (x) => activate(activation, x),
    train: (x) => ({
      value: activate(activation, x),
      back: (dy, toInput) => (toInput ? activationGradient(activation, x, dy) : undefined),
    }),
  });
}
