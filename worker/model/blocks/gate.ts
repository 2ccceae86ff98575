import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../backend/kernels.ts";
import { hasKernel, runKernel, runKernelForAll, type Block } from "../block.ts";

interface Arithmetic {
  apply(x: tf.Tensor4D, gate: tf.Tensor4D): tf.Tensor4D;
  /** Gradients to x and to the gate. */
  back(x: tf.Tensor4D, gate: tf.Tensor4D, dy: tf.Tensor4D): readonly [tf.Tensor4D, tf.Tensor4D];
}

const fused: Arithmetic = {
  apply: (x, gate) => runKernel(fusedKernels.gate, { x, gate }),
  back: (x, gate, dy) => runKernelForAll(fusedKernels.gateGradient, { x, gate, dy }) as [tf.Tensor4D, tf.Tensor4D],
};

const composed: Arithmetic = {
  apply: (x, gate) => tf.mul(x, gate),
  back: (x, gate, dy) => [tf.mul(dy, gate), tf.tidy(() => tf.sum(tf.mul(dy, x), [1, 2], true))],
};

/** x times sigmoid(logits(x)), one logit a channel and image: squeeze-and-excitation (arXiv 1709.01507), `logits` being its two layers. */
export function gated(logits: Block): Block {
  const arithmetic = hasKernel(fusedKernels.gate) ? fused : composed;
  const gateOf = (logit: tf.Tensor4D): tf.Tensor4D => {
    const gate = tf.sigmoid(logit);
    logit.dispose();
    return gate;
  };
  const through = (x: tf.Tensor4D, logit: tf.Tensor4D): tf.Tensor4D => {
    const gate = gateOf(logit);
    const value = arithmetic.apply(x, gate);
    gate.dispose();
    return value;
  };
  return {
    parameters: logits.parameters,
    state: logits.state,
    infer: (x) => through(x, logits.infer(x)),
    calibrate: (x) => through(x, logits.calibrate(x)),
    train: (x) => {
      const { value, back } = logits.train(x);
      const gate = gateOf(value);
      return {
        value: arithmetic.apply(x, gate),
        back: (dy, toInput) => {
          const [dx, dgate] = arithmetic.back(x, gate, dy);
          const dlogit = tf.tidy(() => tf.mul<tf.Tensor4D>(dgate, tf.mul(gate, tf.sub(1, gate))));
          const throughGate = back(dlogit, toInput);
          const total = throughGate === undefined ? undefined : tf.add<tf.Tensor4D>(dx, throughGate);
          tf.dispose([dx, dgate, dlogit, gate, ...(throughGate === undefined ? [] : [throughGate])]);
          return total;
        },
      };
    },
  };
}
