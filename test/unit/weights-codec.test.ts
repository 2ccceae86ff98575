import { describe, expect, test } from "@jest/globals";
import { decodeWeights, encodeWeights, sliceSize } from "../../network/weights-codec.ts";

const slices = [
  { tensor: "a", shape: [2, 2] },
  { tensor: "b", shape: [1] },
];
const values = [Float32Array.of(0.1, -2, 3e-5, 7), Float32Array.of(-1e10)];

describe("numbers of shared weights", () => {
  test("are as many as the sides of their slice multiply to", () => {
    expect(slices.map(sliceSize)).toEqual([4, 1]);
  });

  test("travel in float32 as they are, slice after slice, little-endian", () => {
    const bytes = encodeWeights(values, "float32");
    expect(bytes).toHaveLength(20);
    expect([...bytes.subarray(4, 8)]).toEqual([0, 0, 0, 0xc0]);
    expect(decodeWeights(bytes, slices, "float32")).toEqual(values);
  });

  test("travel in float16 rounded to the nearest, and to even where two are as near", () => {
    const bytes = encodeWeights([Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 0.1, -2)], "float16");
    expect(bytes).toHaveLength(8);
    expect([...bytes.subarray(6)]).toEqual([0, 0xc0]);
    const [decoded] = decodeWeights(bytes, [{ tensor: "a", shape: [4] }], "float16");
    expect([...decoded!]).toEqual([1, 1 + 2 ** -9, Math.fround(0.0999755859375), -2]);
  });

  test("that are too far for float16 become infinite", () => {
    const [, far] = decodeWeights(encodeWeights(values, "float16"), slices, "float16");
    expect([...far!]).toEqual([-Infinity]);
  });

  test("are read from within a larger buffer, at any place", () => {
    const bytes = encodeWeights(values, "float32");
    const buffer = new Uint8Array(bytes.length + 3);
    buffer.set(bytes, 3);
    expect(decodeWeights(buffer.subarray(3), slices, "float32")).toEqual(values);
  });

  test("are refused where there are more or fewer bytes", () => {
    expect(() => decodeWeights(new Uint8Array(19), slices, "float32")).toThrow(
      new RangeError("19 bytes for slices of 20"),
    );
    expect(() => decodeWeights(new Uint8Array(20), slices, "float16")).toThrow(RangeError);
  });
});
