import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeTensors, encodeTensors, type TensorFile } from "../../worker/checkpoint/tensor-file.ts";

const golden = fileURLToPath(new URL("tensors.safetensors", import.meta.url));

const sample: TensorFile = {
  metadata: { format: "fpnas-training-1", step: "7", note: "Zürich" },
  tensors: [
    { name: "0.weights", shape: [2, 3], values: Float32Array.of(0, -0, 1, -1.5, Infinity, 1e-45) },
    { name: "1.weights", shape: [], values: Float32Array.of(3.4028234663852886e38) },
    { name: "2.weights", shape: [0], values: Float32Array.of() },
    { name: "0.velocity", shape: [1, 1, 1, 2], values: Float32Array.of(NaN, 0.1) },
  ],
};

/** A safetensors file with this header, or this text where one should be. */
function fileOf(header: object | string, data = 8): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(data)]);
}
const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };

describe("a file of tensors", () => {
  test("is, byte for byte, the golden one, and read back as it was written", () => {
    expect(Buffer.compare(encodeTensors(sample), readFileSync(golden))).toBe(0);
    expect(decodeTensors(readFileSync(golden))).toEqual(sample);
  });

  test("comes back as it was, wherever in memory its bytes lie", () => {
    const tensor = fc
      .record({ name: fc.string(), values: fc.float32Array({ maxLength: 9 }) })
      .map(({ name, values }) => ({ name: `t${name}`, shape: [values.length], values }));
    const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name });
    const metadata = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.record({ metadata, tensors }), fc.nat(7), (file, offset) => {
        const bytes = encodeTensors(file);
        const elsewhere = new Uint8Array(bytes.length + offset);
        elsewhere.set(bytes, offset);
        expect(decodeTensors(elsewhere.subarray(offset))).toEqual(file);
      }),
    );
  });

  test.each<[string, Buffer, RegExp]>([
    ["nothing", Buffer.alloc(0), /ends within its header/],
    ["a header longer than the file", Buffer.alloc(8, 255), /ends within its header/],
    ["a header that is no JSON", fileOf("{"), /JSON/],
    ["a header that is null", fileOf("null"), /no object/],
    ["metadata that are no texts", fileOf({ __metadata__: { step: 7 }, a: entry }), /not one of tensors/],
    ["no offsets", fileOf({ a: { ...entry, data_offsets: [0] } }), /not one of tensors/],
    ["a negative side", fileOf({ a: { ...entry, shape: [-2] } }), /not one of tensors/],
    ["other numbers", fileOf({ a: { ...entry, dtype: "F16" } }), /"a" is not 2 float32/],
    ["fewer numbers than the shape says", fileOf({ a: { ...entry, shape: [3] } }), /"a" is not 3 float32/],
    ["fewer bytes than the header says", fileOf({ a: entry }, 7), /"a" is not 2 float32/],
    ["bytes of no tensor", fileOf({ a: entry }, 9), /1 bytes belong to no tensor/],
    ["tensors that share bytes", fileOf({ a: entry, b: entry }), /"b" is not 2 float32 numbers at byte 8/],
  ])("with %s is refused", (_, bytes, why) => {
    expect(() => decodeTensors(bytes)).toThrow(why);
  });
});
