import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../backend/kernels.ts";
import { hasKernel, runKernelForAll, variableOf, type Parameter } from "./block.ts";

/** Stochastic gradient descent with momentum over a model's parameters. */
export interface Optimizer {
  /** Applies the gradients of the last backward pass and frees them. */
  step(learningRate: number): void;
  /** What it keeps from step to step: a velocity for each parameter, in their order and shapes, zero before the first step. */
  readonly velocities: readonly tf.Variable[];
  /** Frees the velocities. */
  dispose(): void;
}

type Update = (
  state: Readonly<Record<"weights" | "velocity" | "gradient", tf.Tensor>>,
  settings: Readonly<Record<"learningRate" | "momentum" | "decay", number>>,
) => readonly tf.Tensor[];

const fused: Update = (state, settings) => runKernelForAll(fusedKernels.momentumStep, { ...state }, settings);

const composed: Update = ({ weights, velocity, gradient }, { learningRate, momentum, decay }) =>
  tf.tidy(() => {
    const pulled = decay === 0 ? gradient : tf.add(gradient, tf.mul(weights, decay));
    const newVelocity = tf.add(tf.mul(velocity, momentum), pulled);
    return [tf.sub(weights, tf.mul(newVelocity, learningRate)), newVelocity];
  });

/**
 * velocity' = momentum * velocity + gradient + decay * weights; weights' = weights - learningRate * velocity'. Decay for parameters that
 * decay only.
 */
export function createMomentum(parameters: readonly Parameter[], momentum: number, weightDecay: number): Optimizer {
  const update = hasKernel(fusedKernels.momentumStep) ? fused : composed;
  const states = parameters.map((parameter) => ({
    parameter,
    velocity: variableOf(tf.zerosLike(parameter.variable)),
  }));
  return {
    velocities: states.map(({ velocity }) => velocity),
    step: (learningRate) => {
      for (const { parameter, velocity } of states) {
        const { variable, gradient, decays } = parameter;
        if (gradient === undefined) continue;
        const settings = { learningRate, momentum, decay: decays ? weightDecay : 0 };
        const [newWeights, newVelocity] = update({ weights: variable, velocity, gradient }, settings);
        if (newWeights === undefined || newVelocity === undefined) continue;
        variable.assign(newWeights);
        velocity.assign(newVelocity);
        tf.dispose([newWeights, newVelocity, gradient]);
        parameter.gradient = undefined;
      }
    },
    dispose: () => {
      for (const { velocity } of states) velocity.dispose();
    },
  };
}
