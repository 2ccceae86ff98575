import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { BackendBrokenError } from "../backend.ts";
import { firstLineOf } from "../first-line.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { Gpu } from "./gpu.ts";

/** How Dawn and tfjs say that something is beyond the GPU's limits. */
const tooLarge =
  /exceeds the max buffer size|is larger than the maximum .*binding size|exceeds WebGPU (limits|maximum)/i;

type Uniforms = Parameters<WebGPUBackend["runWebGPUProgram"]>[3];

/**
 * tfjs's WebGPU backend, made safe to train on. WebGPU tells of failures beside the calls that cause them: what did not fit, was not valid or
 * went with the GPU leaves numbers that mean nothing, and tfjs never looks. Here the first failure is remembered, and every program run and every
 * number read after it throws it.
 */
export function createTrainingBackend(Base: typeof WebGPUBackend, { device, info, name }: Gpu): WebGPUBackend {
  let failure: BackendBrokenError | undefined;
  device.addEventListener("uncapturederror", (event) => {
    const { error } = event;
    const isTooLarge = error instanceof GPUOutOfMemoryError || tooLarge.test(error.message);
    failure ??= new BackendBrokenError(`${isTooLarge ? "out of memory" : "refused"} on ${name}: ${firstLineOf(error)}`);
    event.preventDefault();
  });
  void device.lost.then(({ message }) => {
    failure = new BackendBrokenError(`${name} was lost: ${message}`);
  });
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure;
  };

  class TrainingBackend extends Base {
    override runWebGPUProgram(
      program: WebGPUProgram,
      inputs: TensorInfo[],
      outputDtype: DataType,
      uniforms?: Uniforms,
      output?: TensorInfo,
    ): TensorInfo {
      try {
        return super.runWebGPUProgram(program, inputs, outputDtype, uniforms, output);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (tooLarge.test(message))
          failure ??= new BackendBrokenError(`out of memory on ${name}: ${firstLineOf(error)}`);
        throw failure ?? error;
      } finally {
        throwFailure();
      }
    }

    override async read(dataId: object): ReturnType<WebGPUBackend["read"]> {
      throwFailure();
      try {
        return await super.read(dataId);
      } finally {
        throwFailure();
      }
    }
  }

  return withNavigator(() => {
    const backend = new TrainingBackend(device, info);
    // Its own store has private fields, so no other class is one for the compiler.
    backend.bufferManager = new BufferPool(device) as unknown as WebGPUBackend["bufferManager"];
    return backend;
  });
}

/** tfjs takes WebGPU for supported where a browser's `navigator.gpu` is; it looks once, and what it computes on is given to it. */
function withNavigator<Made>(make: () => Made): Made {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { gpu: {} }, configurable: true });
  try {
    return make();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, "navigator");
    else Object.defineProperty(globalThis, "navigator", before);
  }
}
