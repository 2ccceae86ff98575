import { getKernelsForBackend, registerKernel, unregisterKernel, type KernelFunc } from "@tensorflow/tfjs-core";

/** Registers a kernel on the wasm backend, in place of tfjs's own or of one for a module that is gone. */
export function replaceKernel(kernelName: string, kernelFunc: KernelFunc): void {
  const known = getKernelsForBackend("wasm").some((kernel) => kernel.kernelName === kernelName);
  if (known) unregisterKernel(kernelName, "wasm");
  registerKernel({ kernelName, backendName: "wasm", kernelFunc });
}
