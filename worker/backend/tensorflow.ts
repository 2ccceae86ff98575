import * as tf from "@tensorflow/tfjs-core";
import type { Backend } from "./backend.ts";
import { registerTensorflowKernels } from "./tensorflow-kernels/register.ts";

/** The native bindings, the one with a GPU first. Optional: neither is among our dependencies, since not every machine can install them. */
const packages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

/** TensorFlow's own library through tfjs's native binding. Rejects with one line a package where none loads. */
export async function loadTensorflow(): Promise<Backend> {
  const reasons: string[] = [];
  for (const name of packages) {
    try {
      await import(name);
      if (await tf.setBackend("tensorflow")) {
        registerTensorflowKernels();
        return { name: "tensorflow", ...describe(), memory, restart: () => Promise.resolve() };
      }
      reasons.push(`${name}: its backend did not start`);
    } catch (error) {
      reasons.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new Error(reasons.join("; "));
}

/** What tfjs's native backend tells of itself. */
interface NativeBackend {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
}

function describe(): Pick<Backend, "version" | "device"> {
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
  return { version: `TensorFlow ${binding.TF_Version}`, device: isUsingGpuDevice ? "GPU" : "CPU" };
}

function memory(): ReturnType<Backend["memory"]> {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, tensorBytes: numBytes, heapBytes: 0 };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? message;
}
