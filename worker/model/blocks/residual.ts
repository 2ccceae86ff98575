import * as tf from "@tensorflow/tfjs-core";
import type { Block } from "../block.ts";

/** x + block(x), for a block that keeps the shape. */
export function residual(block: Block): Block {
  const plus = (x: tf.Tensor4D, value: tf.Tensor4D): tf.Tensor4D => {
    const sum = tf.add<tf.Tensor4D>(x, value);
    value.dispose();
    return sum;
  };
  return {
    parameters: block.parameters,
    state: block.state,
    infer: (x) => plus(x, block.infer(x)),
    calibrate: (x) => plus(x, block.calibrate(x)),
    train: (x) => {
      const { value, back } = block.train(x);
      return {
        value: plus(x, value),
        back: (dy, toInput) => {
          const throughBlock = back(dy, toInput);
          return throughBlock === undefined ? undefined : plus(dy, throughBlock);
        },
      };
    },
  };
}
