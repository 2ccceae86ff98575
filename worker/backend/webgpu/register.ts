import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { replaceKernel } from "../replace-kernel.ts";

/** Registers a kernel on the webgpu backend, in place of tfjs's own where there is one; its inputs are taken by name. */
export function register<Input extends string>(
  kernelName: string,
  run: (
    backend: WebGPUBackend,
    inputs: Readonly<Record<Input, TensorInfo>>,
    attributes: never,
  ) => TensorInfo | TensorInfo[],
): void {
  replaceKernel(kernelName, "webgpu", ({ inputs, attrs, backend }) =>
    run(backend as unknown as WebGPUBackend, inputs as Record<Input, TensorInfo>, attrs as never),
  );
}
