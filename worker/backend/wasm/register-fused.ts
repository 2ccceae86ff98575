import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../kernels.ts";
import type { WasmHeap } from "./heap.ts";
import { momentumStep } from "./momentum-kernel.ts";
import {
  finishGradientSums,
  finishMoments,
  fusedActivations,
  momentSums,
  normalize,
  normalizeGradient,
  normalizeGradientSums,
  type FusedActivation,
} from "./norm-kernels.ts";
import { fillPlanes, gatePlanes, sumPlaneProducts } from "./plane-kernels.ts";
import { replaceKernel } from "../replace-kernel.ts";

/** The attributes of all fused kernels; each is given those that `fusedKernels` names. */
interface Attributes {
  readonly epsilon: number;
  readonly activation: FusedActivation;
  readonly height: number;
  readonly width: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly decay: number;
}

/** Registers a kernel under one of the fused names, its inputs taken by name. */
function register<Input extends string>(
  kernelName: string,
  run: (inputs: Readonly<Record<Input, TensorInfo>>, attributes: Attributes) => TensorInfo | TensorInfo[],
): void {
  replaceKernel(kernelName, "wasm", ({ inputs, attrs }) =>
    run(inputs as Record<Input, TensorInfo>, attrs as unknown as Attributes),
  );
}

const sizeOf = ({ shape }: TensorInfo): number => shape.reduce((product, side) => product * side, 1);

/** Rows and channels of a tensor whose last axis holds the channels. */
function rowsOf(x: TensorInfo): readonly [rows: number, channels: number] {
  const channels = x.shape.at(-1) ?? 1;
  return [sizeOf(x) / channels, channels];
}

function normalizationFunctions(heap: WasmHeap, activation: FusedActivation) {
  return heap.instantiate({
    apply: normalize(activation),
    gradientSums: normalizeGradientSums(activation),
    gradient: normalizeGradient(activation),
  });
}

function registerNormalization(heap: WasmHeap): void {
  const at = (tensor: TensorInfo): number => heap.address(tensor);
  const { sumMoments, finish, finishSums } = heap.instantiate({
    sumMoments: momentSums(),
    finish: finishMoments(),
    finishSums: finishGradientSums(),
  });
  const compiled = new Map(
    fusedActivations.map((activation) => [activation, normalizationFunctions(heap, activation)]),
  );
  const functionsOf = (activation: FusedActivation): ReturnType<typeof normalizationFunctions> => {
    const functions = compiled.get(activation);
    if (functions === undefined) throw new Error(`activation ${activation} is not fused with a normalization`);
    return functions;
  };

  register<"x" | "gamma" | "beta">(fusedKernels.batchNormTrain, ({ x, gamma, beta }, { epsilon, activation }) => {
    const [rows, channels] = rowsOf(x);
    const mean = heap.allocateZeros([channels]);
    const variance = heap.allocateZeros([channels]);
    const scale = heap.allocate([channels]);
    const shift = heap.allocate([channels]);
    const y = heap.allocate(x.shape);
    sumMoments(at(x), rows, channels, at(mean), at(variance));
    const arrays = [at(gamma), at(beta), at(mean), at(variance), at(scale), at(shift)];
    finish(at(x), channels, ...arrays, 1 / rows, epsilon);
    functionsOf(activation).apply(at(x), at(y), rows, channels, at(scale), at(shift));
    return [y, mean, variance, scale, shift];
  });

  register<"x" | "dy" | "mean" | "variance" | "kept0" | "kept1">(
    fusedKernels.batchNormGradient,
    ({ x, dy, mean, variance, kept0: scale, kept1: shift }, { epsilon, activation }) => {
      const [rows, channels] = rowsOf(x);
      const functions = functionsOf(activation);
      const dbeta = heap.allocateZeros([channels]);
      const dgamma = heap.allocateZeros([channels]);
      const slope = heap.allocate([channels]);
      const level = heap.allocate([channels]);
      const dx = heap.allocate(x.shape);
      const operands = [at(x), at(dy)];
      const affine = [rows, channels, at(scale), at(shift)];
      functions.gradientSums(...operands, ...affine, at(mean), at(dbeta), at(dgamma));
      const sums = [at(dbeta), at(dgamma), at(slope), at(level)];
      finishSums(channels, at(mean), at(variance), at(scale), ...sums, 1 / rows, epsilon);
      functions.gradient(...operands, at(dx), ...affine, at(slope), at(level));
      heap.free(slope, level);
      return [dx, dgamma, dbeta];
    },
  );

  register<"x" | "scale" | "shift">(fusedKernels.scaleShift, ({ x, scale, shift }, { activation }) => {
    const y = heap.allocate(x.shape);
    functionsOf(activation).apply(at(x), at(y), ...rowsOf(x), at(scale), at(shift));
    return y;
  });
}

function registerPlanes(heap: WasmHeap): void {
  const {
    gate: applyGate,
    products,
    fill,
  } = heap.instantiate({
    gate: gatePlanes(),
    products: sumPlaneProducts(),
    fill: fillPlanes(),
  });
  const sizes = (x: TensorInfo): readonly [number, number, number] => {
    const [rows, channels] = rowsOf(x);
    const batch = x.shape[0] ?? 1;
    return [batch, rows / batch, channels];
  };
  const gated = (x: TensorInfo, gate: TensorInfo): TensorInfo => {
    const y = heap.allocate(x.shape);
    applyGate(heap.address(x), heap.address(gate), heap.address(y), ...sizes(x));
    return y;
  };

  register<"x" | "gate">(fusedKernels.gate, ({ x, gate }) => gated(x, gate));
  register<"x" | "gate" | "dy">(fusedKernels.gateGradient, ({ x, gate, dy }) => {
    const dgate = heap.allocate(gate.shape);
    products(heap.address(x), heap.address(dy), heap.address(dgate), ...sizes(x));
    return [gated(dy, gate), dgate];
  });
  register<"values">(fusedKernels.spread, ({ values }, { height, width }) => {
    const [batch, channels] = rowsOf(values);
    const y = heap.allocate([batch, height, width, channels]);
    fill(heap.address(values), heap.address(y), ...sizes(y));
    return y;
  });
}

function registerMomentum(heap: WasmHeap): void {
  const { step } = heap.instantiate({ step: momentumStep() });
  register<"weights" | "velocity" | "gradient">(
    fusedKernels.momentumStep,
    ({ weights, velocity, gradient }, { learningRate, momentum, decay }) => {
      // New tensors, not in place: tfjs keeps a packed copy of a convolution's filter for as long as the tensor lives.
      const results = [heap.allocate(weights.shape), heap.allocate(weights.shape)];
      const addresses = [weights, velocity, gradient, ...results].map((tensor) => heap.address(tensor));
      step(...addresses, sizeOf(weights), learningRate, momentum, decay);
      return results;
    },
  );
}

/** Registers the fused kernels on the wasm backend. */
export function registerFusedKernels(heap: WasmHeap): void {
  registerNormalization(heap);
  registerPlanes(heap);
  registerMomentum(heap);
}
