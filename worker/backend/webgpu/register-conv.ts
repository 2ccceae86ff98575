import {
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNativeBackpropFilter,
  getKernel,
  Transpose,
  type KernelFunc,
  type NamedAttrMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { runConvFilterGradient } from "./conv-filter-gradient.ts";
import { maxDepthwiseWidth, runDepthwiseFilterGradient } from "./depthwise-filter-gradient.ts";
import { register } from "./register.ts";

type Shape4d = [number, number, number, number];

/** The attributes that tfjs's convolution kernels carry. */
interface ConvAttributes {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: "NHWC" | "NCHW";
}

type FilterGradient = ConvAttributes & { readonly filterShape: Shape4d };
type InputGradient = ConvAttributes & { readonly inputShape: Shape4d };

/** The geometry of a convolution that our programs can do; undefined for another, which tfjs's own are left to. */
function geometryOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode, dataFormat = "NHWC" }: ConvAttributes,
  isDepthwise: boolean,
): backend_util.Conv2DInfo | undefined {
  if (dataFormat !== "NHWC" || [dilations].flat().some((dilation) => dilation !== 1)) return undefined;
  return backend_util.computeConv2DInfo(
    ...([inputShape as Shape4d, filterShape as Shape4d, strides, 1, pad, dimRoundingMode, isDepthwise] as const),
  );
}

/** tfjs's own function of a kernel. */
function kernelOf(name: string): KernelFunc {
  const kernel = getKernel(name, "webgpu");
  if ((kernel as typeof kernel | undefined) === undefined)
    throw new Error(`tfjs's webgpu backend has no kernel ${name}`);
  return kernel.kernelFunc;
}

/** Whether every output sees just the pixel at its own place. */
const isPointwise = ({
  filterHeight,
  filterWidth,
  strideHeight,
  strideWidth,
  padInfo,
}: backend_util.Conv2DInfo): boolean =>
  [filterHeight, filterWidth, strideHeight, strideWidth].every((number) => number === 1) && padInfo.type === "VALID";

/**
 * Registers the gradients of convolutions to filter and input, in place of tfjs's own. Those to the filter give each of its few numbers to one
 * invocation, which walks all pixels alone, and leave nearly all of a GPU idle; the one of a 1x1 convolution to its input is a 1x1 convolution
 * with the transposed filter, for which tfjs has a tiled product of matrices.
 */
export function registerConvKernels(): void {
  const [convolve, transpose] = [kernelOf(Conv2D), kernelOf(Transpose)];
  const toFilter = kernelOf(Conv2DBackpropFilter);
  const toInput = kernelOf(Conv2DBackpropInput);
  const depthwiseToFilter = kernelOf(DepthwiseConv2dNativeBackpropFilter);
  const attrsOf = (attributes: object): NamedAttrMap => attributes as NamedAttrMap;

  register<"x" | "dy">(Conv2DBackpropFilter, (backend, inputs, attributes: FilterGradient) => {
    const info = geometryOf(inputs.x.shape, attributes.filterShape, attributes, false);
    if (info === undefined) return toFilter({ inputs, attrs: attrsOf(attributes), backend });
    return runConvFilterGradient(backend, inputs.x, inputs.dy, info);
  });

  register<"x" | "dy">(DepthwiseConv2dNativeBackpropFilter, (backend, inputs, attributes: FilterGradient) => {
    const info = geometryOf(inputs.x.shape, attributes.filterShape, attributes, true);
    const isOurs = info !== undefined && info.outChannels === info.inChannels && info.filterWidth <= maxDepthwiseWidth;
    if (!isOurs) return depthwiseToFilter({ inputs, attrs: attrsOf(attributes), backend });
    return runDepthwiseFilterGradient(backend, inputs.x, inputs.dy, info);
  });

  register<"dy" | "filter">(Conv2DBackpropInput, (backend, inputs, attributes: InputGradient) => {
    const info = geometryOf(attributes.inputShape, inputs.filter.shape, attributes, false);
    if (info === undefined || !isPointwise(info)) return toInput({ inputs, attrs: attrsOf(attributes), backend });
    const perm = attrsOf({ perm: [0, 1, 3, 2] });
    const filter = transpose({ inputs: { x: inputs.filter }, attrs: perm, backend }) as TensorInfo;
    const attrs = attrsOf({ strides: [1, 1], pad: "valid", dataFormat: "NHWC", dilations: [1, 1] });
    const dx = convolve({ inputs: { x: inputs.dy, filter }, attrs, backend });
    backend.disposeData(filter.dataId);
    return dx;
  });
}
