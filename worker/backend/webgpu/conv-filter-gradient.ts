import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { backend_util, TensorInfo } from "@tensorflow/tfjs-core";
import { geometryUniforms, geometryValues, inPieces, partsOf, pixelAt } from "./pixel-parts.ts";
import { runProgram, type Program } from "./program.ts";

/** Side of the square of the result that a workgroup computes, and rows of dy that it holds at a time. */
const tile = 32;
const depth = 16;
/** Invocations of a workgroup along each side of its square: each has 4 x 4 of its numbers, which lie this far apart. */
const side = tile / 4;

/** Four numbers of an array, a side apart. */
const four = (array: string, at: string): string =>
  [0, 1, 2, 3].map((number) => `${array}[${at} + ${number * side}u]`).join(", ");

/**
 * The gradient of a convolution to its filter is one product of matrices: dw[m, n] = sum over the pixels r of input[r, m] * dy[r, n], where m
 * counts tap and input channel, and input[r, m] is what the output pixel r saw through that tap. Each workgroup has a square of m and n and a
 * part of the pixels.
 */
const convFilterGradient: Program = {
  name: "convFilterGradient",
  inputs: ["x", "dy"],
  uniforms: {
    ...geometryUniforms,
    ...({ rows: "i32", left: "i32", right: "i32", inputChannels: "i32", filterWidth: "i32", blocks: "i32" } as const),
  },
  workgroup: [side, side, 1],
  code: `
var<workgroup> inputs : array<array<f32, ${tile}>, ${depth}>;
var<workgroup> gradients : array<array<f32, ${tile}>, ${depth}>;
${pixelAt}
fn main() {
  let column = i32(localIndex) % ${tile};
  let m = i32(workgroupId.y) * ${tile} + column;
  let n = i32(workgroupId.x) * ${tile} + column;
  let channel = m % uniforms.inputChannels;
  let tap = m / uniforms.inputChannels;
  let tapRow = tap / uniforms.filterWidth;
  let tapColumn = tap % uniforms.filterWidth;
  var sums : array<vec4<f32>, 4>;
  for (var block = 0; block < uniforms.blocks; block++) {
    let first = (i32(workgroupId.z) * uniforms.blocks + block) * ${depth};
    for (var line = i32(localIndex) / ${tile}; line < ${depth}; line += ${(side * side) / tile}) {
      let row = first + line;
      var input = 0.0;
      var gradient = 0.0;
      if (row < uniforms.rows) {
        let pixel = pixelAt(row);
        let y = pixel.y + tapRow;
        let x0 = pixel.z + tapColumn;
        if (m < uniforms.left && isInside(y, x0)) {
          input = x[((pixel.x * uniforms.inputHeight + y) * uniforms.inputWidth + x0) * uniforms.inputChannels + channel];
        }
        if (n < uniforms.right) { gradient = dy[row * uniforms.right + n]; }
      }
      inputs[line][column] = input;
      gradients[line][column] = gradient;
    }
    workgroupBarrier();
    for (var line = 0; line < ${depth}; line++) {
      let y = localId.y;
      let x = localId.x;
      let a = vec4<f32>(${four("inputs[line]", "y")});
      let b = vec4<f32>(${four("gradients[line]", "x")});
      sums[0] += a.x * b;
      sums[1] += a.y * b;
      sums[2] += a.z * b;
      sums[3] += a.w * b;
    }
    workgroupBarrier();
  }
  for (var i = 0; i < 4; i++) {
    let row = i32(workgroupId.y) * ${tile} + i32(localId.y) + i * ${side};
    for (var j = 0; j < 4; j++) {
      let outputColumn = i32(workgroupId.x) * ${tile} + i32(localId.x) + j * ${side};
      if (row < uniforms.left && outputColumn < uniforms.right) {
        result[(i32(workgroupId.z) * uniforms.left + row) * uniforms.right + outputColumn] = sums[i][j];
      }
    }
  }
}`,
};

/** The gradient of a convolution to its filter: any stride and padding, dilation 1. The order of additions depends on the shapes alone. */
export function runConvFilterGradient(
  backend: WebGPUBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { inChannels: inputChannels, outChannels: right, filterWidth, filterHeight } = info;
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const left = filterHeight * filterWidth * inputChannels;
  const squares = [Math.ceil(right / tile), Math.ceil(left / tile)] as const;
  const parts = partsOf(rows, squares[0] * squares[1]);
  const blocks = Math.ceil(rows / (depth * parts));
  const uniforms = { ...geometryValues(info), rows, left, right, inputChannels, filterWidth, blocks };
  return inPieces(backend, info.filterShape, parts, (outputShape) =>
    runProgram(backend, convFilterGradient, {
      inputs: { x, dy },
      uniforms,
      outputShape,
      workgroups: [...squares, parts],
    }),
  );
}
