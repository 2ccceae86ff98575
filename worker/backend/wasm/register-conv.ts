import {
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  getKernelsForBackend,
  Transpose,
  type KernelFunc,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import {
  geometryOf,
  geometryValues,
  isPointwise,
  registerConvKernel,
  required,
  type ConvAttributes,
} from "./conv-geometry.ts";
import { convFilterGradient, convInputGradient, pointwiseFilterGradient } from "./conv-kernels.ts";
import type { WasmHeap } from "./heap.ts";

function registerConvFilterGradient(heap: WasmHeap): void {
  const { pointwise, general } = heap.instantiate({
    pointwise: pointwiseFilterGradient(),
    general: convFilterGradient(),
  });
  const run = (x: TensorInfo, dy: TensorInfo, attributes: ConvAttributes): TensorInfo => {
    const filterShape = required(Conv2DBackpropFilter, attributes.filterShape);
    const info = geometryOf(Conv2DBackpropFilter, x.shape, filterShape, attributes);
    const dw = heap.allocateZeros(filterShape);
    const tensors = [heap.address(x), heap.address(dy), heap.address(dw)];
    if (isPointwise(info)) {
      pointwise(...tensors, info.batchSize * info.outHeight * info.outWidth, info.inChannels, info.outChannels);
    } else {
      general(...tensors, ...geometryValues(info));
    }
    return dw;
  };
  registerConvKernel(Conv2DBackpropFilter, ({ x, dy }, attributes) => run(x, dy, attributes));
}

/** tfjs's own function of a kernel. */
function kernelOf(name: string): KernelFunc {
  const kernel = getKernelsForBackend("wasm").find(({ kernelName }) => kernelName === name);
  if (kernel === undefined) throw new Error(`tfjs's wasm backend has no kernel ${name}`);
  return kernel.kernelFunc;
}

/**
 * The gradient of a 1x1 convolution to its input is itself a 1x1 convolution, with the filter transposed, and takes tfjs's fast path for
 * those; its own kernel for the gradient is 10 times slower. Anything else is gathered tap by tap.
 */
function registerConvInputGradient(heap: WasmHeap): void {
  const transpose = kernelOf(Transpose);
  const convolve = kernelOf(Conv2D);
  const { gather } = heap.instantiate({ gather: convInputGradient() });
  const { backend } = heap;
  registerConvKernel(Conv2DBackpropInput, ({ dy, filter }, attributes) => {
    const inputShape = required(Conv2DBackpropInput, attributes.inputShape);
    const info = geometryOf(Conv2DBackpropInput, inputShape, filter.shape, attributes);
    const transposed = transpose({ inputs: { x: filter }, attrs: { perm: [0, 1, 3, 2] }, backend }) as TensorInfo;
    try {
      if (isPointwise(info)) {
        const attrs = { strides: [1, 1], pad: "valid", dataFormat: "NHWC", dilations: [1, 1] };
        return convolve({ inputs: { x: dy, filter: transposed }, attrs, backend }) as TensorInfo;
      }
      const dx = heap.allocate(inputShape);
      gather(heap.address(transposed), heap.address(dy), heap.address(dx), ...geometryValues(info));
      return dx;
    } finally {
      heap.free(transposed);
    }
  });
}

/** Registers the gradients of convolutions to filter and input: any stride and padding; dilation 1, anything else is an error. */
export function registerConvKernels(heap: WasmHeap): void {
  registerConvFilterGradient(heap);
  registerConvInputGradient(heap);
}
