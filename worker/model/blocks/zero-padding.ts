import * as tf from "@tensorflow/tfjs-core";
import { withoutStatistics, type Block } from "../block.ts";

/** Rows and columns of zeros around every map, `width` on each side. */
export function zeroPadding(width: number): Block {
  const around: [number, number][] = [
    [0, 0],
    [width, width],
    [width, width],
    [0, 0],
  ];
  const infer = (x: tf.Tensor4D): tf.Tensor4D => tf.pad(x, around);
  return withoutStatistics({
    parameters: [],
    infer,
    train: (x) => ({
      value: infer(x),
      back: (dy, wantInput) => (wantInput ? tf.slice4d(dy, [0, width, width, 0], x.shape) : undefined),
    }),
  });
}
