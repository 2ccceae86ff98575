import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../kernels.ts";
import { replaceKernel } from "../replace-kernel.ts";
import { first, type Operations } from "./operation.ts";

type Inputs = Readonly<Record<"weights" | "velocity" | "gradient", tf.TensorInfo>>;
type Settings = Readonly<Record<"learningRate" | "momentum" | "decay", number>>;

/** The optimizer's step on one parameter, without tfjs's broadcasting and type checks around each of its six operations. */
export function registerMomentum(operations: Operations): void {
  const apply = (name: string, a: tf.TensorInfo, b: tf.TensorInfo): tf.Tensor =>
    first(operations.run(name, [a, b], { T: { type: "float32" } }));
  const times = (tensor: tf.TensorInfo, factor: number): tf.Tensor => {
    const scalar = tf.scalar(factor);
    const product = apply("Mul", tensor, scalar);
    scalar.dispose();
    return product;
  };

  replaceKernel(fusedKernels.momentumStep, "tensorflow", ({ inputs, attrs }) => {
    const { weights, velocity, gradient } = inputs as unknown as Inputs;
    const { learningRate, momentum, decay } = attrs as unknown as Settings;
    const slowed = times(velocity, momentum);
    const pushed = apply("AddV2", slowed, gradient);
    slowed.dispose();
    let newVelocity = pushed;
    if (decay !== 0) {
      const pull = times(weights, decay);
      newVelocity = apply("AddV2", pushed, pull);
      tf.dispose([pull, pushed]);
    }
    const move = times(newVelocity, learningRate);
    const newWeights = apply("Sub", weights, move);
    move.dispose();
    return [newWeights, newVelocity];
  });
}
