import * as tf from "@tensorflow/tfjs-core";
import { variableOf } from "./block.ts";
import type { Model } from "./model.ts";

/** An exponential moving average of a model's weights. */
export interface WeightAverage {
  /** The averages, in the order and shapes of the model's variables. */
  readonly variables: readonly tf.Variable[];
  /** Takes in the weights after a step, counted from 1. */
  update(step: number): void;
  /** Gives the model its averaged weights. */
  apply(): void;
  /** Frees the averages. */
  dispose(): void;
}

/**
 * average' = d * average + (1 - d) * weights, with d = min(decay, (1 + step) / (10 + step)): without the ramp, short trainings would be
 * measured by the weights that they began with (the rule of TensorFlow's ExponentialMovingAverage).
 */
export function createWeightAverage({ variables }: Pick<Model, "variables">, decay: number): WeightAverage {
  const averages = variables.map((variable) => variableOf(tf.clone(variable)));
  return {
    variables: averages,
    update: (step) => {
      const kept = Math.min(decay, (1 + step) / (10 + step));
      averages.forEach((average, index) => {
        const weights = variables[index];
        if (weights === undefined) return;
        const next = tf.tidy(() => tf.add(tf.mul(average, kept), tf.mul(weights, 1 - kept)));
        average.assign(next);
        next.dispose();
      });
    },
    apply: () => averages.forEach((average, index) => variables[index]?.assign(average)),
    dispose: () => tf.dispose(averages),
  };
}
