import { Float16Array } from "@petamoriken/float16";
import type { Precision } from "./evaluation.ts";
import type { WeightsSlice } from "./shared-weights.ts";

/** Bytes of one number. */
export const precisionBytes = { float32: 4, float16: 2 } as const satisfies Readonly<Record<Precision, number>>;

/** How many numbers a slice has. */
export function sliceSize({ shape }: WeightsSlice): number {
  return shape.reduce((product, side) => product * side, 1);
}

let valuesByBits: Float32Array | null = null;

/** The value of each float16 by its bits. */
function halfValues(): Float32Array {
  if (valuesByBits !== null) return valuesByBits;
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, each) => each);
  return (valuesByBits = Float32Array.from(new Float16Array(bits.buffer)));
}

/** Numbers of slices, one after the other, as they travel: little-endian, in float16 rounded to the nearest (to even where two are), far ones to infinity. */
export function encodeWeights(values: readonly Float32Array[], precision: Precision): Uint8Array {
  const width = precisionBytes[precision];
  const bytes = new Uint8Array(values.reduce((sum, { length }) => sum + length * width, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const slice of values) {
    // The library rounds a whole array a hundred times faster than number by number.
    const halves = precision === "float32" ? null : new Uint16Array(new Float16Array(slice).buffer);
    for (let place = 0; place < slice.length; place += 1) {
      if (halves === null) view.setFloat32(offset, slice[place] ?? 0, true);
      else view.setUint16(offset, halves[place] ?? 0, true);
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
  const halves = precision === "float32" ? null : halfValues();
  let offset = 0;
  return slices.map((slice) => {
    const values = new Float32Array(sliceSize(slice));
    for (let place = 0; place < values.length; place += 1) {
      if (halves === null) values[place] = view.getFloat32(offset, true);
      else values[place] = halves[view.getUint16(offset, true)] ?? 0;
      offset += width;
    }
    return values;
  });
}
