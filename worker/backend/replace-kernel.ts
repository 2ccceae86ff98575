import { getKernelsForBackend, registerKernel, unregisterKernel, type KernelFunc } from "@tensorflow/tfjs-core";

/** Registers a kernel on a backend, in place of tfjs's own or of one for a module that is gone. */
export function replaceKernel(kernelName: string, backendName: string, kernelFunc: KernelFunc): void {
  const known = getKernelsForBackend(backendName).some((kernel) => kernel.kernelName === kernelName);
  if (known) unregisterKernel(kernelName, backendName);
  registerKernel({ kernelName, backendName, kernelFunc });
}
