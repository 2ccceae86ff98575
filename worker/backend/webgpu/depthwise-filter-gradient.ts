import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { backend_util, TensorInfo } from "@tensorflow/tfjs-core";
import { geometryUniforms, geometryValues, inPieces, partsOf, pixelAt } from "./pixel-parts.ts";
import { runProgram, type Program } from "./program.ts";

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

/** Runs it: any stride and padding, dilation and channel multiplier 1, a filter at most `maxDepthwiseWidth` wide. The order of additions depends on the shapes alone. */
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
