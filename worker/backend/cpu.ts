import * as tf from "@tensorflow/tfjs-core";
import type { Backend } from "./backend.ts";

/** tfjs in plain JavaScript: slow, and the reference that the other backends' kernels are checked against. */
export async function loadCpu(): Promise<Backend> {
  await import("@tensorflow/tfjs-backend-cpu");
  if (!(await tf.setBackend("cpu"))) throw new Error("tfjs's cpu backend did not start");
  return {
    name: "cpu",
    version: `tfjs ${tf.version_core}`,
    device: "CPU, one thread",
    memory: () => {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, tensorBytes: numBytes, heapBytes: 0 };
    },
    restart: () => Promise.resolve(),
  };
}
