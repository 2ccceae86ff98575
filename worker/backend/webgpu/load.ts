import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import type { Backend } from "../backend.ts";
import { openGpu, type Gpu, type GpuKind } from "./gpu.ts";
import { importOptional } from "./optional-package.ts";
import { registerConvKernels } from "./register-conv.ts";
import { registerMomentumKernel } from "./register-momentum.ts";
import { registerNormKernels } from "./register-norm.ts";
import { registerPlaneKernels } from "./register-planes.ts";
import { createTrainingBackend } from "./training-backend.ts";

/** tfjs's own class, with our kernels beside and in place of its own; they are of the class, not of one GPU, and so registered once. */
let training: Promise<typeof WebGPUBackend> | undefined;

async function prepare(): Promise<typeof WebGPUBackend> {
  // Before WebGPU's globals are there: where tfjs sees them it registers a backend of its own making.
  const name = "@tensorflow/tfjs-backend-webgpu";
  const { WebGPUBackend } = await importOptional(name, () => import("@tensorflow/tfjs-backend-webgpu"));
  registerConvKernels();
  registerNormKernels();
  registerPlaneKernels();
  registerMomentumKernel();
  return WebGPUBackend;
}

interface Running {
  readonly gpu: Gpu;
  readonly backend: WebGPUBackend;
}

let running: Running | undefined;

/** Opens the GPU and makes it tfjs's current backend. */
async function start(kind: GpuKind): Promise<Running> {
  training ??= prepare();
  const Base = await training;
  const gpu = await openGpu(kind);
  const backend = createTrainingBackend(Base, gpu);
  if (running !== undefined) tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => backend);
  if (!(await tf.setBackend("webgpu"))) throw new Error(`tfjs's webgpu backend did not start on ${gpu.name}`);
  return { gpu, backend };
}

/**
 * tfjs on the machine's GPU through Vulkan, Metal or Direct3D. An emulated GPU is slower than wasm: it is taken only where the backend is
 * asked for by name. Where the GPU is lost or fails at something, whatever is computed or read from then on throws
 * BackendBrokenError.
 */
export async function loadWebgpu(isNamed: boolean): Promise<Backend> {
  const kind = isNamed ? "any" : "real";
  running ??= await start(kind);
  await tf.setBackend("webgpu");
  return {
    name: "webgpu",
    version: `WebGPU (tfjs ${tf.version_core}, Dawn)`,
    device: running.gpu.name,
    memory: () => {
      const { numTensors, numBytes } = tf.memory();
      return {
        tensors: numTensors,
        tensorBytes: numBytes,
        heapBytes: running?.backend.bufferManager.numBytesAllocated ?? 0,
      };
    },
    restart: async () => {
      running?.gpu.device.destroy();
      running = await start(kind);
    },
  };
}
