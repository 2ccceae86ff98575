import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Activation } from "../../../network/types.ts";
import { fusedKernels } from "../kernels.ts";
import { activationCode } from "./activation-code.ts";
import { channelSums, rowsOf, runChannelSums, sumOfParts } from "./channel-sums.ts";
import { eachNumber, runProgram, type Program } from "./program.ts";
import { register } from "./register.ts";

interface Attributes {
  readonly epsilon: number;
  readonly activation: Activation;
}

/** Sums of x and of its square, both less the channel's first number: so the variance does not drown in rounding where the mean is large. */
const momentSums = channelSums("momentSums", ["x"], "", "let d = x[at] - x[c]; first += d; second += d * d;");

/** Sums of the gradient to z = x * scale + shift, and of that times x less its mean. */
const gradientSums = (activation: Activation): Program =>
  channelSums(
    `gradientSums_${activation}`,
    ["x", "dy", "scale", "shift", "mean"],
    activationCode(activation),
    "let g = gradient(x[at] * scale[c] + shift[c], dy[at]); first += g; second += g * (x[at] - mean[c]);",
  );

/** A program with one number a channel, from the sums and from others of the kind. */
const perChannel = (name: string, inputs: readonly string[], expression: string): Program => ({
  name,
  inputs: ["parts", ...inputs],
  uniforms: { rows: "f32", epsilon: "f32", count: "i32", channels: "i32" },
  code: sumOfParts + eachNumber(expression.replaceAll("[c]", "[index]")),
});

const mean = perChannel("mean", ["x"], "x[c] + sumOfParts(0, index) / uniforms.rows");
const variance: Program = {
  ...perChannel("variance", [], "varianceOf(index)"),
  code: `${sumOfParts}
fn varianceOf(c : i32) -> f32 {
  let d = sumOfParts(0, c) / uniforms.rows;
  let v = sumOfParts(1, c) / uniforms.rows - d * d;
  return select(v, 0.0, v < 0.0);
}
${eachNumber("varianceOf(index)")}`,
};
const scale: Program = {
  name: "scale",
  inputs: ["gamma", "variance"],
  uniforms: { epsilon: "f32" },
  code: eachNumber("gamma[index] / sqrt(variance[index] + uniforms.epsilon)"),
};
const shift: Program = {
  name: "shift",
  inputs: ["beta", "mean", "scale"],
  uniforms: {},
  code: eachNumber("beta[index] - mean[index] * scale[index]"),
};
const dbeta = perChannel("dbeta", [], "sumOfParts(0, index)");
const dgamma = perChannel("dgamma", ["variance"], "sumOfParts(1, index) / sqrt(variance[c] + uniforms.epsilon)");
const slope = perChannel(
  "slope",
  ["variance", "scale"],
  "-scale[c] * sumOfParts(1, index) / (uniforms.rows * (variance[c] + uniforms.epsilon))",
);
const level = perChannel(
  "level",
  ["scale", "slope", "mean"],
  "-scale[c] * sumOfParts(0, index) / uniforms.rows - slope[c] * mean[c]",
);

/** activation(x * scale + shift), scale and shift per channel. */
const scaleShift = (activation: Activation): Program => ({
  name: `scaleShift_${activation}`,
  inputs: ["x", "scale", "shift"],
  uniforms: { channels: "i32" },
  code: `${activationCode(activation)}
${eachNumber("activate(x[index] * scale[index % uniforms.channels] + shift[index % uniforms.channels])")}`,
});

/** The gradient to x: scale * (g - mean of g - the part of g along the normalized x), the latter two as slope * x + level. */
const inputGradient = (activation: Activation): Program => ({
  name: `normInputGradient_${activation}`,
  inputs: ["x", "dy", "scale", "shift", "slope", "level"],
  uniforms: { channels: "i32" },
  code: `${activationCode(activation)}
fn at(index : i32, c : i32) -> f32 {
  let g = gradient(x[index] * scale[c] + shift[c], dy[index]);
  return scale[c] * g + slope[c] * x[index] + level[c];
}
${eachNumber("at(index, index % uniforms.channels)")}`,
});

function runScaleShift(
  backend: WebGPUBackend,
  inputs: Readonly<Record<"x" | "scale" | "shift", TensorInfo>>,
  activation: Activation,
): TensorInfo {
  const { channels } = rowsOf(inputs.x);
  return runProgram(backend, scaleShift(activation), { inputs, uniforms: { channels }, outputShape: inputs.x.shape });
}

/** Registers batch normalization with the activation after it: forward in training and inference, and its gradients. */
export function registerNormKernels(): void {
  register<"x" | "gamma" | "beta">(
    fusedKernels.batchNormTrain,
    (backend, { x, gamma, beta }, { epsilon, activation }: Attributes) => {
      const { rows, channels } = rowsOf(x);
      const parts = runChannelSums(backend, momentSums, { x });
      const [count = 1] = parts.shape;
      const vector = (program: Program, inputs: Readonly<Record<string, TensorInfo>>): TensorInfo =>
        runProgram(backend, program, { inputs, uniforms: { rows, epsilon, count, channels }, outputShape: [channels] });
      const means = vector(mean, { parts, x });
      const variances = vector(variance, { parts });
      const scales = vector(scale, { gamma, variance: variances });
      const shifts = vector(shift, { beta, mean: means, scale: scales });
      backend.disposeData(parts.dataId);
      const y = runScaleShift(backend, { x, scale: scales, shift: shifts }, activation);
      return [y, means, variances, scales, shifts];
    },
  );

  register<"x" | "dy" | "gamma" | "mean" | "variance" | "kept0" | "kept1">(
    fusedKernels.batchNormGradient,
    (backend, { x, dy, mean, variance, kept0: scale, kept1: shift }, { epsilon, activation }: Attributes) => {
      const inputs = { x, dy, mean, variance, scale, shift };
      const { rows, channels } = rowsOf(inputs.x);
      const parts = runChannelSums(backend, gradientSums(activation), inputs);
      const [count = 1] = parts.shape;
      const vector = (program: Program, others: Readonly<Record<string, TensorInfo>>): TensorInfo =>
        runProgram(backend, program, {
          inputs: { ...inputs, parts, ...others },
          uniforms: { rows, epsilon, count, channels },
          outputShape: [channels],
        });
      const slopes = vector(slope, {});
      const levels = vector(level, { slope: slopes });
      const gradients = [vector(dgamma, {}), vector(dbeta, {})];
      const dx = runProgram(backend, inputGradient(activation), {
        inputs: { ...inputs, slope: slopes, level: levels },
        uniforms: { channels },
        outputShape: inputs.x.shape,
      });
      for (const { dataId } of [parts, slopes, levels]) backend.disposeData(dataId);
      return [dx, ...gradients];
    },
  );

  register<"x" | "scale" | "shift">(fusedKernels.scaleShift, (backend, inputs, { activation }: Attributes) =>
    runScaleShift(backend, inputs, activation),
  );
}
