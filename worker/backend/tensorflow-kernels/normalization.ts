import * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../../../network/types.ts";
import { fusedKernels } from "../kernels.ts";
import { replaceKernel } from "../replace-kernel.ts";
import { first, type Attribute, type Operations } from "./operation.ts";

interface Attributes {
  readonly epsilon: number;
  readonly activation: Activation;
}

type Inputs = Readonly<Record<"x" | "dy" | "gamma" | "beta" | "kept0" | "kept1" | "kept2" | "kept3", tf.TensorInfo>>;

const float: Attribute = { type: "float32" };

/** The attributes that TensorFlow's normalization and its gradient share. */
const normAttributes = (epsilon: number): Readonly<Record<string, Attribute>> => ({
  T: float,
  U: float,
  epsilon: { float: epsilon },
  data_format: { text: "NHWC" },
  is_training: { bool: true },
});

/** The activation of z, which stays the caller's. */
function activate(operations: Operations, activation: Activation, z: tf.Tensor): tf.TensorInfo {
  const apply = (name: string, ...inputs: readonly tf.Tensor[]): tf.Tensor =>
    first(operations.run(name, inputs, { T: float }));
  switch (activation) {
    case "none":
      return operations.again(z);
    case "relu":
      return apply("Relu", z);
    case "relu6":
      return apply("Relu6", z);
    case "swish": {
      const sigmoid = apply("Sigmoid", z);
      const y = apply("Mul", z, sigmoid);
      sigmoid.dispose();
      return y;
    }
  }
}

/**
 * What the activation's gradient is worked out from: its value where that will do, as it is there anyway. Takes z over: it is returned or
 * freed.
 */
function keep(operations: Operations, activation: Activation, z: tf.Tensor, y: tf.TensorInfo): tf.TensorInfo {
  if (activation === "none" || activation === "swish") return z;
  z.dispose();
  return operations.again(y);
}

/** The gradient to z from the one to its activation; null where that is the same. `kept` is what `keep` returned. */
function activationGradient(
  operations: Operations,
  activation: Activation,
  kept: tf.TensorInfo,
  dy: tf.TensorInfo,
): tf.Tensor | null {
  const apply = (name: string, ...inputs: readonly tf.TensorInfo[]): tf.Tensor =>
    first(operations.run(name, inputs, { T: float }));
  switch (activation) {
    case "none":
      return null;
    case "relu":
      return apply("ReluGrad", dy, kept);
    case "relu6":
      return apply("Relu6Grad", dy, kept);
    case "swish": {
      // (z s)' = s + z s (1 - s), and SigmoidGrad(s, d) = d s (1 - s).
      const sigmoid = apply("Sigmoid", kept);
      const throughValue = apply("Mul", dy, sigmoid);
      const toSigmoid = apply("Mul", dy, kept);
      const throughSigmoid = apply("SigmoidGrad", sigmoid, toSigmoid);
      const sum = apply("AddV2", throughValue, throughSigmoid);
      tf.dispose([sigmoid, throughValue, toSigmoid, throughSigmoid]);
      return sum;
    }
  }
}

/** The results of an operation, as many as it has. */
function all<N extends string>(names: readonly N[], results: readonly tf.Tensor[]): Readonly<Record<N, tf.Tensor>> {
  if (results.length < names.length)
    throw new Error(`TensorFlow gave ${results.length} results instead of ${names.length}`);
  return Object.fromEntries(names.map((name, index) => [name, results[index]])) as Record<N, tf.Tensor>;
}

/** Normalization with its activation, forward and back, by TensorFlow's own fused operation. */
export function registerNormalization(operations: Operations): void {
  replaceKernel(fusedKernels.batchNormTrain, "tensorflow", ({ inputs, attrs }) => {
    const { x, gamma, beta } = inputs as unknown as Inputs;
    const { epsilon, activation } = attrs as unknown as Attributes;
    const none = tf.tensor1d([], "float32");
    const attributes = { ...normAttributes(epsilon), exponential_avg_factor: { float: 1 } };
    const results = operations.run("FusedBatchNormV3", [x, gamma, beta, none, none], attributes, 6);
    none.dispose();
    const names = ["z", "mean", "unbiased", "reserve1", "reserve2", "reserve3"] as const;
    const { z, mean, unbiased, reserve1, reserve2, reserve3 } = all(names, results);
    // TensorFlow tells the variance over n - 1.
    const rows = z.size / mean.size;
    const variance = tf.mul(unbiased, (rows - 1) / rows);
    unbiased.dispose();
    const y = activate(operations, activation, z);
    return [y, mean, variance, keep(operations, activation, z, y), reserve1, reserve2, reserve3];
  });

  replaceKernel(fusedKernels.batchNormGradient, "tensorflow", ({ inputs, attrs }) => {
    const { x, dy, gamma, kept0, kept1, kept2, kept3 } = inputs as unknown as Inputs;
    const { epsilon, activation } = attrs as unknown as Attributes;
    const dz = activationGradient(operations, activation, kept0, dy);
    const given = [dz ?? dy, x, gamma, kept1, kept2, kept3];
    const results = operations.run("FusedBatchNormGradV3", given, normAttributes(epsilon), 5);
    dz?.dispose();
    const { dx, dgamma, dbeta } = all(["dx", "dgamma", "dbeta"], results);
    tf.dispose(results.slice(3));
    return [dx, dgamma, dbeta];
  });

  replaceKernel(fusedKernels.scaleShift, "tensorflow", ({ inputs, attrs }) => {
    const { x, scale, shift } = inputs as unknown as Readonly<Record<"x" | "scale" | "shift", tf.TensorInfo>>;
    const { activation } = attrs as unknown as Attributes;
    const scaled = first(operations.run("Mul", [x, scale], { T: float }));
    const z = first(operations.run("AddV2", [scaled, shift], { T: float }));
    const y = activate(operations, activation, z);
    tf.dispose([scaled, z]);
    return y;
  });
}
