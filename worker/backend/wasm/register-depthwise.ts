import {
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
} from "@tensorflow/tfjs-core";
import { geometryOf, geometryValues, innerColumns, registerConvKernel, required } from "./conv-geometry.ts";
import { depthwiseFilterGradient, depthwiseForward, depthwiseInputGradient } from "./depthwise-kernels.ts";
import type { WasmFunction, WasmHeap } from "./heap.ts";

/**
 * Registers depthwise convolution and its gradients to filter and input: any stride and padding; dilation and channel multiplier 1,
 * anything else is an error.
 */
export function registerDepthwiseKernels(heap: WasmHeap): void {
  const byFilterWidth = new Map<number, WasmFunction>();
  const filterGradient = (filterWidth: number): WasmFunction => {
    const known = byFilterWidth.get(filterWidth);
    if (known !== undefined) return known;
    const { made } = heap.instantiate({ made: depthwiseFilterGradient(filterWidth) });
    byFilterWidth.set(filterWidth, made);
    return made;
  };
  const { inputGradient, forward } = heap.instantiate({
    inputGradient: depthwiseInputGradient(),
    forward: depthwiseForward(),
  });

  registerConvKernel(DepthwiseConv2dNative, ({ x, filter }, attributes) => {
    const info = geometryOf(DepthwiseConv2dNative, x.shape, filter.shape, attributes);
    const y = heap.allocate(info.outShape);
    forward(heap.address(filter), heap.address(x), heap.address(y), ...geometryValues(info));
    return y;
  });
  registerConvKernel(DepthwiseConv2dNativeBackpropFilter, ({ x, dy }, attributes) => {
    const filterShape = required(DepthwiseConv2dNativeBackpropFilter, attributes.filterShape);
    const info = geometryOf(DepthwiseConv2dNativeBackpropFilter, x.shape, filterShape, attributes);
    const dw = heap.allocateZeros(filterShape);
    const tensors = [heap.address(x), heap.address(dy), heap.address(dw)];
    filterGradient(info.filterWidth)(...tensors, ...geometryValues(info), ...innerColumns(info));
    return dw;
  });
  registerConvKernel(DepthwiseConv2dNativeBackpropInput, ({ dy, filter }, attributes) => {
    const inputShape = required(DepthwiseConv2dNativeBackpropInput, attributes.inputShape);
    const info = geometryOf(DepthwiseConv2dNativeBackpropInput, inputShape, filter.shape, attributes);
    const dx = heap.allocate(inputShape);
    inputGradient(heap.address(filter), heap.address(dy), heap.address(dx), ...geometryValues(info));
    return dx;
  });
}
