import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../backend/kernels.ts";
import { hasKernel, runKernel, withoutStatistics, type Block } from "../block.ts";

type Spread = (values: tf.Tensor4D, height: number, width: number) => tf.Tensor4D;

/** What repeats [n, 1, 1, c] at every position of a map. */
function spreadOfBackend(): Spread {
  if (!hasKernel(fusedKernels.spread)) return (values, height, width) => tf.tile(values, [1, height, width, 1]);
  return (values, height, width) => runKernel(fusedKernels.spread, { values }, { height, width });
}

/** The mean over all positions: [n, h, w, c] to [n, 1, 1, c]. */
export function globalPool(): Block {
  const spread = spreadOfBackend();
  const infer = (x: tf.Tensor4D): tf.Tensor4D => tf.avgPool(x, [x.shape[1], x.shape[2]], 1, "valid");
  return withoutStatistics({
    parameters: [],
    infer,
    train: (x) => ({
      value: infer(x),
      back: (dy, toInput) => {
        if (!toInput) return undefined;
        const [, height, width] = x.shape;
        return tf.tidy(() => spread(tf.div(dy, height * width), height, width));
      },
    }),
  });
}
