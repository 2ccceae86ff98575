import {
  backend_util,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  type KernelFunc,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { replaceKernel } from "../replace-kernel.ts";

export type Shape4d = [number, number, number, number];

/** The attributes that tfjs's convolution kernels carry; which of the two shapes is there depends on the kernel. */
export interface ConvAttributes {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly filterShape?: Shape4d;
  readonly inputShape?: Shape4d;
}

/** The geometry of a convolution, checked for what our kernels can do. */
export function geometryOf(
  kernel: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvAttributes,
): backend_util.Conv2DInfo {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = "NHWC" } = attributes;
  const depthwise = kernel !== Conv2DBackpropFilter && kernel !== Conv2DBackpropInput;
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

/** A shape that the kernel cannot do without. */
export const required = (kernel: string, shape: Shape4d | undefined): Shape4d => {
  if (shape === undefined) throw new Error(`${kernel} on wasm: no shape of its result was given`);
  return shape;
};

/** The parameters of a kernel that say what convolution it belongs to; `geometryValues` gives them in this order. */
export const geometryNames = [
  ...([
    "batch",
    "inputHeight",
    "inputWidth",
    "inputChannels",
    "outputHeight",
    "outputWidth",
    "outputChannels",
  ] as const),
  ...(["filterHeight", "filterWidth", "strideHeight", "strideWidth", "padTop", "padLeft"] as const),
] as const;

export function geometryValues(info: backend_util.Conv2DInfo): readonly number[] {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  return [
    ...[batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels],
    ...[filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left],
  ];
}

/** Whether every output sees just the pixel at its own place, so that the convolution is one product of matrices. */
export function isPointwise(info: backend_util.Conv2DInfo): boolean {
  const { filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo } =
    info;
  const samePixels = outHeight === inHeight && outWidth === inWidth && strideHeight === 1 && strideWidth === 1;
  return filterHeight === 1 && filterWidth === 1 && samePixels && padInfo.top === 0 && padInfo.left === 0;
}

/** Output columns [first, last) whose every tap lies inside the image. */
export function innerColumns(info: backend_util.Conv2DInfo): readonly [number, number] {
  const { inWidth, outWidth, strideWidth, filterWidth } = info;
  const left = info.padInfo.left;
  const first = Math.min(outWidth, Math.ceil(left / strideWidth));
  const last = Math.floor((inWidth - filterWidth + left) / strideWidth) + 1;
  return [first, Math.max(first, Math.min(outWidth, last))];
}

/** Registers a kernel whose inputs are taken by name, in place of tfjs's own where there is one. */
export function registerConvKernel(
  kernelName: string,
  run: (inputs: Readonly<Record<"x" | "dy" | "filter", TensorInfo>>, attributes: ConvAttributes) => TensorInfo,
): void {
  const kernelFunc: KernelFunc = ({ inputs, attrs }) =>
    run(inputs as Record<"x" | "dy" | "filter", TensorInfo>, attrs as unknown as ConvAttributes);
  replaceKernel(kernelName, "wasm", kernelFunc);
}
