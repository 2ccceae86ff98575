import { getFloat16, setFloat16 } from "@petamoriken/float16";
import type { Precision } from "./evaluation.ts";
import type { WeightsSlice } from "./shared-weights.ts";

/** Bytes of one number. */
export const precisionBytes = { float32: 4, float16: 2 } as const satisfies Readonly<Record<Precision, number>>;

/** How many numbers a slice has. */
export function sliceSize({ shape }: WeightsSlice): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Numbers of slices, one after the other, as they travel: little-endian, in float16 rounded to the nearest (to even where two are), far ones to infinity. */
export function encodeWeights(values: readonly Float32Array[], precision: Precision): Uint8Array {
  const width = precisionBytes[precision];
  const bytes = new Uint8Array(values.reduce((sum, { length }) => sum + length * width, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const slice of values) {
    for (const value of slice) {
      if (precision === "float32") view.setFloat32(offset, value, true);
      else setFloat16(view, offset, value, true);
      offset += width;
    }
  }
  return bytes;
}

/**
 * The numbers of slices from their bytes.
 * @throws RangeError where there are more or fewer bytes than the slices have.
 */
export function decodeWeights(
  bytes: Uint8Array,
  slices: readonly WeightsSlice[],
  precision: Precision,
): readonly Float32Array[] {
  const width = precisionBytes[precision];
  const needed = slices.reduce((sum, slice) => sum + sliceSize(slice) * width, 0);
  if (bytes.length !== needed) throw new RangeError(`${bytes.length} bytes for slices of ${needed}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 0;
  return slices.map((slice) => {
    const values = new Float32Array(sliceSize(slice));
    for (let place = 0; place < values.length; place += 1) {
      values[place] = precision === "float32" ? view.getFloat32(offset, true) : getFloat16(view, offset, true);
      offset += width;
    }
    return values;
  });
}
