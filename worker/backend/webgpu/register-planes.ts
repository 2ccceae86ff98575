import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../kernels.ts";
import { rowsOf } from "./channel-sums.ts";
import { eachNumber, runProgram, type Program } from "./program.ts";
import { register } from "./register.ts";

/** Where in [n, 1, 1, c] the value of a number of [n, h, w, c] stands; a plane is h * w * c. */
const place = "index / uniforms.plane * uniforms.channels + index % uniforms.channels";
const uniforms = { plane: "i32", channels: "i32" } as const;

const times: Program = { name: "gate", inputs: ["x", "gate"], uniforms, code: eachNumber(`x[index] * gate[${place}]`) };
const repeat: Program = { name: "spread", inputs: ["values"], uniforms, code: eachNumber(`values[${place}]`) };
/** For each image and channel the sum of x * dy over all positions. */
const products: Program = {
  name: "planeProducts",
  inputs: ["x", "dy"],
  uniforms,
  code: `
fn sumAt(index : i32) -> f32 {
  let start = index / uniforms.channels * uniforms.plane;
  var sum = 0.0;
  for (var at = index % uniforms.channels; at < uniforms.plane; at += uniforms.channels) {
    sum += x[start + at] * dy[start + at];
  }
  return sum;
}
${eachNumber("sumAt(index)")}`,
};

function run(
  backend: WebGPUBackend,
  program: Program,
  inputs: Readonly<Record<string, TensorInfo>>,
  map: readonly number[],
  outputShape: readonly number[],
): TensorInfo {
  const [, height = 1, width = 1, channels = 1] = map;
  return runProgram(backend, program, {
    inputs,
    uniforms: { plane: height * width * channels, channels },
    outputShape,
  });
}

/** Registers the gate of squeeze-and-excitation with its gradients, and the gradient of the mean over all positions. */
export function registerPlaneKernels(): void {
  register<"x" | "gate">(fusedKernels.gate, (backend, inputs) =>
    run(backend, times, inputs, inputs.x.shape, inputs.x.shape),
  );
  register<"x" | "gate" | "dy">(fusedKernels.gateGradient, (backend, { x, gate, dy }) => [
    run(backend, times, { x: dy, gate }, x.shape, x.shape),
    run(backend, products, { x, dy }, x.shape, gate.shape),
  ]);
  register<"values">(
    fusedKernels.spread,
    (backend, { values }, { height, width }: Readonly<Record<"height" | "width", number>>) => {
      const { rows, channels } = rowsOf(values);
      const shape = [rows, height, width, channels];
      return run(backend, repeat, { values }, shape, shape);
    },
  );
}
