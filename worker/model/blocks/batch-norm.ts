import * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../../../network/types.ts";
import { fusedKernels } from "../../backend/kernels.ts";
import { activate, activationGradient } from "../activation.ts";
import { hasKernel, parameter, runKernel, runKernelForAll, variableOf, type Block } from "../block.ts";

const epsilon = 1e-5;

/** What a training step's normalization leaves for its way back: one number a channel, and what else its arithmetic keeps. */
interface Statistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  readonly kept: readonly tf.Tensor[];
}

interface Gradients {
  readonly dx: tf.Tensor4D;
  readonly dgamma: tf.Tensor;
  readonly dbeta: tf.Tensor;
}

/** A normalization composed of tfjs's operations, or as fused kernels; both compute the same. */
interface Arithmetic {
  forward(
    x: tf.Tensor4D,
    gamma: tf.Tensor,
    beta: tf.Tensor,
  ): { readonly y: tf.Tensor4D; readonly statistics: Statistics };
  back(x: tf.Tensor4D, dy: tf.Tensor4D, gamma: tf.Tensor, statistics: Statistics): Gradients;
  infer(x: tf.Tensor4D, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor4D;
}

function fused(activation: Activation): Arithmetic {
  const attributes = { epsilon, activation };
  type Forward = [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, ...tf.Tensor[]];
  return {
    forward: (x, gamma, beta) => {
      const results = runKernelForAll(fusedKernels.batchNormTrain, { x, gamma, beta }, attributes);
      const [y, mean, variance, ...kept] = results as Forward;
      return { y, statistics: { mean, variance, kept } };
    },
    back: (x, dy, gamma, { mean, variance, kept }) => {
      const named = Object.fromEntries(kept.map((tensor, index) => [`kept${index}`, tensor]));
      const inputs = { x, dy, gamma, mean, variance, ...named };
      const results = runKernelForAll(fusedKernels.batchNormGradient, inputs, attributes);
      const [dx, dgamma, dbeta] = results as [tf.Tensor4D, tf.Tensor, tf.Tensor];
      return { dx, dgamma, dbeta };
    },
    infer: (x, scale, shift) => runKernel(fusedKernels.scaleShift, { x, scale, shift }, attributes),
  };
}

function composed(activation: Activation): Arithmetic {
  const affine = (x: tf.Tensor4D, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor4D => tf.add(tf.mul(x, scale), shift);
  return {
    forward: (x, gamma, beta) => {
      const [y, mean, variance, scale, shift] = tf.tidy(() => {
        const moments = tf.moments(x, [0, 1, 2]);
        const scaleNow = tf.div(gamma, tf.sqrt(tf.add(moments.variance, epsilon)));
        const shiftNow = tf.sub(beta, tf.mul(moments.mean, scaleNow));
        const value = activate(activation, affine(x, scaleNow, shiftNow));
        return [value, moments.mean, moments.variance, scaleNow, shiftNow] as [tf.Tensor4D, ...tf.Tensor1D[]];
      }) as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      return { y, statistics: { mean, variance, kept: [scale, shift] } };
    },
    back: (x, dy, _gamma, { mean, variance, kept }) => {
      const [scale, shift] = kept as readonly [tf.Tensor, tf.Tensor];
      const gradients = tf.tidy(() => {
        const g = activationGradient(activation, affine(x, scale, shift), dy);
        const rows = x.size / mean.size;
        const centred = tf.sub(x, mean);
        const dbeta = tf.sum(g, [0, 1, 2]);
        const products = tf.sum(tf.mul(g, centred), [0, 1, 2]);
        const spread = tf.add(variance, epsilon);
        const through = tf.mul(centred, tf.div(products, tf.mul(spread, rows)));
        const dx = tf.mul(scale, tf.sub(tf.sub(g, tf.div(dbeta, rows)), through));
        return { dx, dgamma: tf.div(products, tf.sqrt(spread)), dbeta };
      });
      return gradients as unknown as Gradients;
    },
    infer: (x, scale, shift) => tf.tidy(() => activate(activation, affine(x, scale, shift))),
  };
}

const dispose = ({ mean, variance, kept }: Statistics): void => {
  tf.dispose([mean, variance, ...kept]);
};

/**
 * Batch normalization (arXiv 1502.03167) and the activation after it.
 *
 * In training it uses the batch's own statistics. Inference uses their mean over the batches of calibration, all taken with the final
 * weights (arXiv 2105.07576, section 3): the usual running averages lag behind weights that still move fast, and cost a network trained
 * for 30 steps up to 19 points of accuracy.
 */
export function batchNorm(channels: number, activation: Activation): Block {
  const gamma = parameter(new Float32Array(channels).fill(1), [channels], false);
  const beta = parameter(new Float32Array(channels), [channels], false);
  const mean = variableOf(tf.zeros([channels]));
  const variance = variableOf(tf.ones([channels]));
  const arithmetic = (hasKernel(fusedKernels.batchNormTrain) ? fused : composed)(activation);
  let batches = 0;

  const average = (soFar: tf.Variable, latest: tf.Tensor): void =>
    tf.tidy(() => soFar.assign(tf.add(soFar, tf.div(tf.sub(latest, soFar), batches))));

  return {
    parameters: [gamma, beta],
    state: [mean, variance],
    infer: (x) =>
      tf.tidy(() => {
        const scale = tf.div(gamma.variable, tf.sqrt(tf.add(variance, epsilon)));
        const shift = tf.sub(beta.variable, tf.mul(mean, scale));
        return arithmetic.infer(x, scale, shift);
      }),
    calibrate: (x) => {
      const { y, statistics } = arithmetic.forward(x, gamma.variable, beta.variable);
      batches += 1;
      average(mean, statistics.mean);
      average(variance, statistics.variance);
      dispose(statistics);
      return y;
    },
    train: (x) => {
      const { y, statistics } = arithmetic.forward(x, gamma.variable, beta.variable);
      return {
        value: y,
        back: (dy, toInput) => {
          const { dx, dgamma, dbeta } = arithmetic.back(x, dy, gamma.variable, statistics);
          gamma.gradient = dgamma;
          beta.gradient = dbeta;
          dispose(statistics);
          if (toInput) return dx;
          dx.dispose();
          return undefined;
        },
      };
    },
  };
}
