import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { runProgram, sizeOf, type Program } from "./program.ts";

/** Invocations of a workgroup along the channels and along the rows. */
const side = 16;
/** A workgroup takes at least so many rows, where there are many. */
const rowsOfWorkgroup = 1024;
const maxWorkgroups = 64;

/** Rows and channels of a tensor whose last axis holds the channels. */
export function rowsOf({ shape }: TensorInfo): { readonly rows: number; readonly channels: number } {
  const channels = shape.at(-1) ?? 1;
  return { rows: sizeOf(shape) / channels, channels };
}

/**
 * A program of two sums over all rows for each channel c. `terms` adds an element's share, at index `at`, to `first` and `second`. The result
 * is [parts, 2, channels]: sums of parts of the rows, which `sumOfParts` adds up. The order of additions depends on the shape alone.
 */
export const channelSums = (name: string, inputs: readonly string[], helpers: string, terms: string): Program => ({
  name,
  inputs,
  uniforms: { rows: "i32", channels: "i32" },
  workgroup: [side, side, 1],
  code: `
var<workgroup> sums : array<array<array<f32, ${side}>, ${side}>, 2>;
${helpers}
fn main() {
  let c = i32(globalId.x);
  let lane = i32(localId.y);
  var first = 0.0;
  var second = 0.0;
  if (c < uniforms.channels) {
    for (var row = i32(globalId.y); row < uniforms.rows; row += ${side} * i32(numWorkgroups.y)) {
      let at = row * uniforms.channels + c;
      ${terms}
    }
  }
  sums[0][lane][localId.x] = first;
  sums[1][lane][localId.x] = second;
  workgroupBarrier();
  if (lane < 2 && c < uniforms.channels) {
    var sum = 0.0;
    for (var other = 0; other < ${side}; other++) { sum += sums[lane][other][localId.x]; }
    result[(i32(workgroupId.y) * 2 + lane) * uniforms.channels + c] = sum;
  }
}`,
});

/**
 * WGSL of `sumOfParts(which, c)` for a program whose input `parts` is the result of channel sums, with how many parts of how many
 * channels in its uniforms `count` and `channels`: the first (0) or the second (1) of c.
 */
export const sumOfParts = `
fn sumOfParts(which : i32, c : i32) -> f32 {
  var sum = 0.0;
  for (var part = 0; part < uniforms.count; part++) {
    sum += parts[(part * 2 + which) * uniforms.channels + c];
  }
  return sum;
}`;

/** Runs channel sums over an input, `x`, and others. */
export function runChannelSums(
  backend: WebGPUBackend,
  program: Program,
  inputs: Readonly<Record<"x", TensorInfo>> & Readonly<Record<string, TensorInfo>>,
): TensorInfo {
  const { rows, channels } = rowsOf(inputs.x);
  const parts = Math.min(maxWorkgroups, Math.ceil(rows / rowsOfWorkgroup));
  return runProgram(backend, program, {
    inputs,
    uniforms: { rows, channels },
    outputShape: [parts, 2, channels],
    workgroups: [Math.ceil(channels / side), parts, 1],
  });
}
