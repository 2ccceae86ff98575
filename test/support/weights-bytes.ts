import { createHash } from "node:crypto";
import type { Precision } from "../../network/evaluation.ts";
import type { WeightsSlice } from "../../network/shared-weights.ts";
import { decodeWeights, encodeWeights } from "../../network/weights-codec.ts";
import type { UpdateHeader, WeightsStore } from "../../coordinator/weights/weights-store.ts";

/** Numbers as a stream of bytes, in pieces that no number ends with. */
export async function* inPieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

/** SHA-256 in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Stores numbers as a trial's update and returns its hash. */
export async function putNumbers(
  weights: WeightsStore,
  job: string,
  slices: readonly WeightsSlice[],
  values: readonly (readonly number[])[],
  changes: Partial<UpdateHeader> = {},
): Promise<string> {
  const { precision = "float32" } = changes;
  const bytes = encodeWeights(
    values.map((part) => Float32Array.from(part)),
    precision,
  );
  const sha256 = hashOf(bytes);
  const header = { trial: 1, version: 1, slices, precision, sha256, ...changes };
  await weights.putUpdate(job, header, inPieces(bytes));
  return header.sha256;
}

/** Bytes of slices of a version. */
export async function fetchBytes(
  weights: WeightsStore,
  job: string,
  version: number,
  slices: readonly WeightsSlice[],
  precision: Precision = "float32",
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of weights.fetch(job, version, slices, precision)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Numbers of slices of a version. */
export async function fetchNumbers(
  weights: WeightsStore,
  job: string,
  version: number,
  slices: readonly WeightsSlice[],
): Promise<readonly number[][]> {
  const bytes = await fetchBytes(weights, job, version, slices);
  return decodeWeights(bytes, slices, "float32").map((values) => [...values]);
}
