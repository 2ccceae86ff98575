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

/** Whether this machine has numbers in memory as they travel. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** Bits of the float16 nearest to a float32, the even one of two; the library takes microseconds for each. */
function halfBits(value: number): number {
  single[0] = value;
  const bits = singleBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fff_ffff;
  if (size >= 0x4780_0000) return sign | (size > 0x7f80_0000 ? 0x7e00 : 0x7c00);
  // The exponent has 15 for 127, the fraction 10 digits for 23.
  if (size >= 0x3880_0000) return sign | ((size - 0x3800_0000 + 0x0fff + ((size >>> 13) & 1)) >>> 13);
  // Below 2^-14 they are multiples of 2^-24, as float32 are from 0.5 on.
  single[0] = Math.abs(value) + 0.5;
  return sign | ((singleBits[0] ?? 0) - 0x3f00_0000);
}

/** Numbers of slices, one after the other, as they travel: little-endian, in float16 rounded to the nearest (to even where two are), far ones to infinity. */
export function encodeWeights(values: readonly Float32Array[], precision: Precision): Uint8Array {
  const width = precisionBytes[precision];
  const bytes = new Uint8Array(values.reduce((sum, { length }) => sum + length * width, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const slice of values) {
    if (precision === "float32" && isLittleEndian) {
      bytes.set(new Uint8Array(slice.buffer, slice.byteOffset, slice.byteLength), offset);
      offset += slice.byteLength;
      continue;
    }
    for (const value of slice) {
      if (precision === "float32") view.setFloat32(offset, value, true);
      else view.setUint16(offset, halfBits(value), true);
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
    if (halves === null && isLittleEndian) {
      new Uint8Array(values.buffer).set(bytes.subarray(offset, offset + values.byteLength));
      offset += values.byteLength;
      return values;
    }
    for (let place = 0; place < values.length; place += 1) {
      if (halves === null) values[place] = view.getFloat32(offset, true);
      else values[place] = halves[view.getUint16(offset, true)] ?? 0;
      offset += width;
    }
    return values;
  });
}
