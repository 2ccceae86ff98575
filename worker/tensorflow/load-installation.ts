import { createRequire } from "node:module";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { Backend } from "../backend/backend.ts";
import { registerTensorflowKernels } from "../backend/tensorflow-kernels/register.ts";
import { bindingPackage } from "./npm-packages.ts";

/** The compiled binding, as far as we know it. */
interface Binding {
  readonly TF_Version: string;
}

/** tfjs's native backend, once it runs. */
interface NativeBackend extends tf.KernelBackend {
  readonly binding: Binding;
  readonly isUsingGpuDevice: boolean;
}

/** Where an installation keeps its parts, from its folder. */
export const installationParts = {
  binding: join("lib", "tfjs_binding.node"),
  kernels: join("node_modules", bindingPackage.name, "dist"),
  libraries: "lib",
} as const;

/** Under this name the shims of an installation find our tfjs-core: tensors of a second one would be strangers to the other backends. */
export const sharedCore = "fpnas.tfjs-core";

/** Our own tfjs-core as CommonJS code sees it. */
const core: unknown = createRequire(import.meta.url)("@tensorflow/tfjs-core");

/**
 * Starts TensorFlow's own library from an installation's folder. Of the npm package only kernels and backend are loaded: the rest of it
 * looks for its own download.
 */
export async function loadInstallation(folder: string): Promise<Backend> {
  quietTensorflow();
  const require = createRequire(join(folder, "package.json"));
  const globals = globalThis as Record<symbol, unknown>;
  globals[Symbol.for(sharedCore)] = core;
  const kernels = join(folder, installationParts.kernels);
  require(join(kernels, "register_all_kernels.js"));
  const { NodeJSKernelBackend } = require(join(kernels, "nodejs_kernel_backend.js")) as {
    readonly NodeJSKernelBackend: new (binding: Binding, packageName: string) => NativeBackend;
  };
  const binding = require(join(folder, installationParts.binding)) as Binding;
  tf.registerBackend("tensorflow", () => new NodeJSKernelBackend(binding, bindingPackage.name));
  return startTensorflow();
}

/** TensorFlow writes what it finds on the machine to stderr, on every start, unless it is told that warnings are of no interest. */
export function quietTensorflow(): void {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
}

/** Makes the registered native backend tfjs's current one, and registers our kernels on it. */
export async function startTensorflow(): Promise<Backend> {
  if (!(await tf.setBackend("tensorflow"))) throw new Error("its backend did not start");
  registerTensorflowKernels();
  const { binding, isUsingGpuDevice } = tf.backend() as NativeBackend;
  return {
    name: "tensorflow",
    version: `TensorFlow ${binding.TF_Version}`,
    device: isUsingGpuDevice ? "GPU" : "CPU",
    memory: () => {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, tensorBytes: numBytes, heapBytes: 0 };
    },
    restart: () => Promise.resolve(),
  };
}
