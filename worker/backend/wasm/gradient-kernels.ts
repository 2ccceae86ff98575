import {
  backend_util,
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  registerKernel,
  type KernelFunc,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { convFilterGradient, pointwiseFilterGradient } from "./conv-kernels.ts";
import { depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise-kernels.ts";
import type { WasmFunction, WasmHeap } from "./heap.ts";

type Shape4d = [number, number, number, number];

/** The attributes that tfjs's gradient kernels carry; which of the two shapes is there depends on the kernel. */
interface GradientAttributes {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly filterShape?: Shape4d;
  readonly inputShape?: Shape4d;
}

/** The geometry of a convolution, checked for what our kernels can do. */
function geometryOf(
  kernel: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: GradientAttributes,
): backend_util.Conv2DInfo {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = "NHWC" } = attributes;
  const depthwise = kernel !== Conv2DBackpropFilter;
  if (dataFormat !== "NHWC")
    throw new Error(`${kernel} on wasm: data format ${dataFormat} is not supported, only NHWC`);
  if ([dilations].flat().some((dilation) => dilation !== 1)) {
    throw new Error(`${kernel} on wasm: dilation ${[dilations].flat().join("x")} is not supported, only 1`);
  }
  if (depthwise && filterShape[3] !== 1) {
    throw new Error(`${kernel} on wasm: a channel multiplier of ${filterShape[3]} is not supported, only 1`);
  }
  return backend_util.computeConv2DInfo(
    ...([inputShape as Shape4d, filterShape as Shape4d, strides, 1, pad, dimRoundingMode, depthwise] as const),
  );
}

const required = (kernel: string, shape: Shape4d | undefined): Shape4d => {
  if (shape === undefined) throw new Error(`${kernel} on wasm: no shape of its result was given`);
  return shape;
};

/** Output columns [first, last) whose every tap lies inside the image. */
export function innerColumns(info: backend_util.Conv2DInfo): readonly [number, number] {
  const { inWidth, outWidth, strideWidth, filterWidth } = info;
  const left = info.padInfo.left;
  const first = Math.min(outWidth, Math.ceil(left / strideWidth));
  const last = Math.floor((inWidth - filterWidth + left) / strideWidth) + 1;
  return [first, Math.max(first, Math.min(outWidth, last))];
}

function registerConvFilterGradient(heap: WasmHeap): void {
  const { pointwise, general } = heap.instantiate({
    pointwise: pointwiseFilterGradient(),
    general: convFilterGradient(),
  });
  const run = (x: TensorInfo, dy: TensorInfo, attributes: GradientAttributes): TensorInfo => {
    const filterShape = required(Conv2DBackpropFilter, attributes.filterShape);
    const info = geometryOf(Conv2DBackpropFilter, x.shape, filterShape, attributes);
    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
    const dw = heap.allocateZeros(filterShape);
    const tensors = [heap.address(x), heap.address(dy), heap.address(dw)] as const;
    const samePixels = outHeight === inHeight && outWidth === inWidth && strideHeight === 1 && strideWidth === 1;
    if (filterHeight === 1 && filterWidth === 1 && samePixels && padInfo.top === 0 && padInfo.left === 0) {
      pointwise(...tensors, batchSize * outHeight * outWidth, inChannels, outChannels);
    } else {
      general(
        ...[...tensors, batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels],
        ...[filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left],
      );
    }
    return dw;
  };
  register(Conv2DBackpropFilter, ({ x, dy }, attributes) => run(x, dy, attributes));
}

function registerDepthwiseGradients(heap: WasmHeap): void {
  const byFilterWidth = new Map<number, WasmFunction>();
  const filterGradient = (filterWidth: number): WasmFunction => {
    const known = byFilterWidth.get(filterWidth);
    if (known !== undefined) return known;
    const { made } = heap.instantiate({ made: depthwiseFilterGradient(filterWidth) });
    byFilterWidth.set(filterWidth, made);
    return made;
  };
  const { inputGradient } = heap.instantiate({ inputGradient: depthwiseInputGradient() });

  register(DepthwiseConv2dNativeBackpropFilter, ({ x, dy }, attributes) => {
    const filterShape = required(DepthwiseConv2dNativeBackpropFilter, attributes.filterShape);
    const info = geometryOf(DepthwiseConv2dNativeBackpropFilter, x.shape, filterShape, attributes);
    const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, padInfo } = info;
    const dw = heap.allocateZeros(filterShape);
    filterGradient(info.filterWidth)(
      ...[heap.address(x), heap.address(dy), heap.address(dw), batchSize, inHeight, inWidth, outHeight, outWidth],
      ...[inChannels, info.filterHeight, info.strideHeight, info.strideWidth, padInfo.top, padInfo.left],
      ...innerColumns(info),
    );
    return dw;
  });
  register(DepthwiseConv2dNativeBackpropInput, ({ dy, filter }, attributes) => {
    const inputShape = required(DepthwiseConv2dNativeBackpropInput, attributes.inputShape);
    const info = geometryOf(DepthwiseConv2dNativeBackpropInput, inputShape, filter.shape, attributes);
    const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, padInfo } = info;
    const dx = heap.allocate(inputShape);
    inputGradient(
      ...[heap.address(filter), heap.address(dy), heap.address(dx), batchSize, inHeight, inWidth, outHeight, outWidth],
      ...[
        inChannels,
        info.filterHeight,
        info.filterWidth,
        info.strideHeight,
        info.strideWidth,
        padInfo.top,
        padInfo.left,
      ],
    );
    return dx;
  });
}

/** Registers a kernel whose inputs are taken by name. */
function register(
  kernelName: string,
  run: (inputs: Readonly<Record<"x" | "dy" | "filter", TensorInfo>>, attributes: GradientAttributes) => TensorInfo,
): void {
  const kernelFunc: KernelFunc = ({ inputs, attrs }) =>
    run(inputs as Record<"x" | "dy" | "filter", TensorInfo>, attrs as unknown as GradientAttributes);
  registerKernel({ kernelName, backendName: "wasm", kernelFunc });
}

/**
 * Registers the three gradient kernels that tfjs's wasm backend lacks and training needs: of a convolution to its filter, of a depthwise
 * convolution to its filter and to its input. All strides and paddings; dilation and channel multiplier 1, anything else is an error.
 */
export function registerGradientKernels(heap: WasmHeap): void {
  registerConvFilterGradient(heap);
  registerDepthwiseGradients(heap);
}
