import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { backend_util, TensorInfo } from "@tensorflow/tfjs-core";
import { eachNumber, runProgram, sizeOf, type Program } from "./program.ts";

/** WGSL of `pixelAt(row)`: image and place (top left, less the padding) in the input of the output pixel that is the row of dy. */
export const pixelAt = `
fn pixelAt(row : i32) -> vec3<i32> {
  let line = row / uniforms.outputWidth;
  let y = (line % uniforms.outputHeight) * uniforms.strideHeight - uniforms.padTop;
  let x = (row % uniforms.outputWidth) * uniforms.strideWidth - uniforms.padLeft;
  return vec3<i32>(line / uniforms.outputHeight, y, x);
}
fn isInside(y : i32, x : i32) -> bool {
  return y >= 0 && y < uniforms.inputHeight && x >= 0 && x < uniforms.inputWidth;
}`;

/** The uniforms that it reads. */
export const geometryUniforms = {
  ...({ inputHeight: "i32", inputWidth: "i32", outputHeight: "i32", outputWidth: "i32" } as const),
  ...({ strideHeight: "i32", strideWidth: "i32", padTop: "i32", padLeft: "i32" } as const),
} as const;

export const geometryValues = (
  info: backend_util.Conv2DInfo,
): Readonly<Record<keyof typeof geometryUniforms, number>> => ({
  ...{ inputHeight: info.inHeight, inputWidth: info.inWidth, outputHeight: info.outHeight, outputWidth: info.outWidth },
  ...{ strideHeight: info.strideHeight, strideWidth: info.strideWidth },
  ...{ padTop: info.padInfo.top, padLeft: info.padInfo.left },
});

/** So many workgroups keep a large GPU busy; a part of the pixels is no smaller than is worth a workgroup. */
const wantedWorkgroups = 1024;
const rowsOfPart = 256;

/** Into how many parts the pixels go where each is given to so many workgroups. */
export const partsOf = (rows: number, workgroups: number): number =>
  Math.max(1, Math.min(Math.ceil(rows / rowsOfPart), Math.floor(wantedWorkgroups / workgroups)));

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

/** Runs a program whose workgroups sum over parts of the pixels, one after the other in its result, and adds the parts up. */
export function inPieces(
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
