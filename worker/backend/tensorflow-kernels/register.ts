import * as tf from "@tensorflow/tfjs-core";
import { registerConvolutions } from "./convolutions.ts";
import { registerMomentum } from "./momentum.ts";
import { registerNormalization } from "./normalization.ts";
import { Operations, type TensorflowBackend } from "./operation.ts";

/** Registers our kernels on the TensorFlow backend, which must be tfjs's current one: whole layers in few of TensorFlow's operations. */
export function registerTensorflowKernels(): void {
  const operations = new Operations(tf.backend() as unknown as TensorflowBackend);
  registerConvolutions(operations);
  registerNormalization(operations);
  registerMomentum(operations);
}
