import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { backend_util, TensorInfo } from "@tensorflow/tfjs-core";
import { eachNumber, runProgram, sizeOf, type Program } from "./program.ts";

/** Adds up what workgroups have summed over parts of the pixels, each in a piece of its own. */
const addPieces: Program = {
  name: "addPieces",
  inputs: ["pieces"],
  uniforms: { count: "i32" },
  code: `
fn sumAt(index : i32) -> f32 {
  var sum = 0.0;
  for (var piece = 0; piece < uniforms.count; piece++) { sum += pieces[piece * uniforms.size + index]; }
  return sum;
}
${eachNumber("sumAt(index)")}`,
};

/** WGSL of `pixelAt(row)`: image and place (top left, less the padding) in the input of the output pixel that is the row of dy. */
const pixelAt = `
fn pixelAt(row : i32) -> vec3<i32> {
  let line = row / uniforms.outputWidth;
  let y = (line % uniforms.outputHeight) * uniforms.strideHeight - uniforms.padTop;
  let x = (row % uniforms.outputWidth) * uniforms.strideWidth - uniforms.padLeft;
  return vec3<i32>(line / uniforms.outputHeight, y, x);
}
fn isInside(y : i32, x : i32) -> bool {
  return y >= 0 && y < uniforms.inputHeight && x >= 0 && x < uniforms.inputWidth;
}`;

const geometryUniforms = {
  ...({ inputHeight: "i32", inputWidth: "i32", outputHeight: "i32", outputWidth: "i32" } as const),
  ...({ strideHeight: "i32", strideWidth: "i32", padTop: "i32", padLeft: "i32" } as const),
} as const;

const geometryValues = (info: backend_util.Conv2DInfo): Readonly<Record<keyof typeof geometryUniforms, number>> => ({
  ...{ inputHeight: info.inHeight, inputWidth: info.inWidth, outputHeight: info.outHeight, outputWidth: info.outWidth },
  ...{ strideHeight: info.strideHeight, strideWidth: info.strideWidth },
  ...{ padTop: info.padInfo.top, padLeft: info.padInfo.left },
});

/** Side of the square of the result that a workgroup computes, and rows of dy that it holds at a time. */
const tile = 32;
const depth = 16;

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
  workgroup: [16, 16, 1],
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
  var sums : array<f32, 4>;
  for (var block = 0; block < uniforms.blocks; block++) {
    let first = (i32(workgroupId.z) * uniforms.blocks + block) * ${depth};
    for (var line = i32(localIndex) / ${tile}; line < ${depth}; line += ${256 / tile}) {
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
      let a = vec2<f32>(inputs[line][localId.y], inputs[line][localId.y + 16u]);
      let b = vec2<f32>(gradients[line][localId.x], gradients[line][localId.x + 16u]);
      sums[0] += a.x * b.x;
      sums[1] += a.x * b.y;
      sums[2] += a.y * b.x;
      sums[3] += a.y * b.y;
    }
    workgroupBarrier();
  }
  for (var i = 0; i < 4; i++) {
    let row = i32(workgroupId.y) * ${tile} + i32(localId.y) + (i / 2) * 16;
    let outputColumn = i32(workgroupId.x) * ${tile} + i32(localId.x) + (i % 2) * 16;
    if (row < uniforms.left && outputColumn < uniforms.right) {
      result[(i32(workgroupId.z) * uniforms.left + row) * uniforms.right + outputColumn] = sums[i];
    }
  }
}`,
};

/** The widest filter that the depthwise gradient below is made for. */
export const maxDepthwiseWidth = 16;

/**
 * The gradient of a depthwise convolution to its filter: dw[i, j, c] = sum over the pixels of input[y * s + i, x * s + j, c] * dy[y, x, c]. Each
 * workgroup has 16 channels, a row of taps and a part of the pixels.
 */
const depthwiseFilterGradient = (filterWidth: number): Program => ({
  name: `depthwiseFilterGradient_${filterWidth}`,
  inputs: ["x", "dy"],
  uniforms: { ...geometryUniforms, ...({ rows: "i32", channels: "i32", filterHeight: "i32" } as const) },
  workgroup: [16, 16, 1],
  code: `
var<workgroup> sums : array<array<array<f32, 16>, 16>, ${filterWidth}>;
${pixelAt}
fn main() {
  let c = i32(globalId.x);
  let lane = i32(localId.y);
  let tapRow = i32(workgroupId.y);
  var taps : array<f32, ${filterWidth}>;
  if (c < uniforms.channels) {
    for (var row = i32(workgroupId.z) * 16 + lane; row < uniforms.rows; row += 16 * i32(numWorkgroups.z)) {
      let pixel = pixelAt(row);
      let y = pixel.y + tapRow;
      let gradient = dy[row * uniforms.channels + c];
      let line = (pixel.x * uniforms.inputHeight + y) * uniforms.inputWidth;
      for (var j = 0; j < ${filterWidth}; j++) {
        if (isInside(y, pixel.z + j)) { taps[j] += x[(line + pixel.z + j) * uniforms.channels + c] * gradient; }
      }
    }
  }
  for (var j = 0; j < ${filterWidth}; j++) { sums[j][lane][localId.x] = taps[j]; }
  workgroupBarrier();
  if (lane < ${filterWidth} && c < uniforms.channels) {
    var sum = 0.0;
    for (var other = 0; other < 16; other++) { sum += sums[lane][other][localId.x]; }
    let tap = (i32(workgroupId.z) * uniforms.filterHeight + tapRow) * ${filterWidth} + lane;
    result[tap * uniforms.channels + c] = sum;
  }
}`,
});

/** So many workgroups keep a large GPU busy; a part of the pixels is no smaller than is worth a workgroup. */
const wantedWorkgroups = 512;
const rowsOfPart = 256;

/** Into how many parts the pixels go where each is given to so many workgroups. */
const partsOf = (rows: number, workgroups: number): number =>
  Math.max(1, Math.min(Math.ceil(rows / rowsOfPart), Math.floor(wantedWorkgroups / workgroups)));

function inPieces(
  backend: WebGPUBackend,
  filterShape: readonly number[],
  parts: number,
  run: (outputShape: readonly number[]) => TensorInfo,
): TensorInfo {
  if (parts === 1) return run(filterShape);
  const pieces = run([parts, sizeOf(filterShape)]);
  const sum = runProgram(backend, addPieces, {
    inputs: { pieces },
    uniforms: { count: parts },
    outputShape: filterShape,
  });
  backend.disposeData(pieces.dataId);
  return sum;
}

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

/** The same of a depthwise convolution, of channel multiplier 1 and with a filter at most `maxDepthwiseWidth` wide. */
export function runDepthwiseFilterGradient(
  backend: WebGPUBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { inChannels: channels, filterWidth, filterHeight } = info;
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const groups = Math.ceil(channels / 16);
  const parts = partsOf(rows, groups * filterHeight);
  return inPieces(backend, info.filterShape, parts, (outputShape) =>
    runProgram(backend, depthwiseFilterGradient(filterWidth), {
      inputs: { x, dy },
      uniforms: { ...geometryValues(info), rows, channels, filterHeight },
      outputShape,
      workgroups: [groups, filterHeight, parts],
    }),
  );
}
