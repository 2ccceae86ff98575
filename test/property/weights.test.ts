import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Float16Array } from "@petamoriken/float16";
import fc from "fast-check";
import type { SharedTensor, WeightsSlice } from "../../network/shared-weights.ts";
import { decodeWeights, encodeWeights, sliceSize } from "../../network/weights-codec.ts";
import { openWeightsStore } from "../../coordinator/weights/open-store.ts";
import { SliceRuns } from "../../coordinator/weights/slice-runs.ts";
import { MemoryWeights } from "../support/memory-weights.ts";
import { placesOf } from "../support/supernet-weights.ts";
import { fetchBytes, hashOf, inPieces } from "../support/weights-bytes.ts";

const job = "default/any";

function sliceArbitrary(whole: readonly number[]): fc.Arbitrary<readonly number[]> {
  return fc.tuple(...whole.map((side) => fc.integer({ min: 1, max: side })));
}

describe("runs of a slice", () => {
  const shapes = fc
    .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
    .chain((whole) => fc.tuple(fc.constant(whole), sliceArbitrary(whole)));

  test("are its places within any range, in order", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), fc.nat(), ([whole, slice], a, b) => {
        const size = whole.reduce((product, side) => product * side, 1);
        const [from, to] = [a % (size + 1), b % (size + 1)].sort((x, y) => x - y) as [number, number];
        const runs = new SliceRuns(whole, slice);
        const found: [number, number][] = [];
        runs.visit(from, to, (place, index, length) => {
          expect(length).toBeGreaterThan(0);
          for (let step = 0; step < length; step += 1) found.push([place + step, index + step]);
        });
        const places = placesOf(whole, slice).map((place, index): [number, number] => [place, index]);
        expect(found).toEqual(places.filter(([place]) => place >= from && place < to));
        const before = (end: number) => places.filter(([place]) => place < end).length;
        expect(runs.within(from, to)).toEqual([before(from), before(to)]);
      }),
    );
  });
});

describe("float16", () => {
  const half = (values: readonly number[]) => {
    const bytes = encodeWeights([Float32Array.from(values)], "float16");
    const [decoded] = decodeWeights(bytes, [{ tensor: "a", shape: [values.length] }], "float16");
    return { bits: Array.from(new Uint16Array(bytes.buffer)), values: [...decoded!] };
  };

  test("keeps each of its own numbers", () => {
    const bits = Uint16Array.from({ length: 2 ** 16 }, (_, each) => each);
    const [values] = decodeWeights(new Uint8Array(bits.buffer), [{ tensor: "a", shape: [2 ** 16] }], "float16");
    const numbers = [...values!].filter((value) => !Number.isNaN(value));
    expect(numbers).toHaveLength(2 ** 16 - 2 * 1023);
    expect(half(numbers).values).toEqual(numbers);
  });

  test("is the library's for every kind of number", () => {
    const bits = Uint32Array.from({ length: 2 ** 16 }, (_, place) => place * 65_537);
    const numbers = new Float32Array(bits.buffer).filter((value) => !Number.isNaN(value));
    const expected = new Uint16Array(new Float16Array(numbers).buffer);
    expect(half([...numbers]).bits).toEqual([...expected]);
  });

  test("rounds a float32 to the nearest of its numbers, and to the even one of two", () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-65519), max: Math.fround(65519) }),
        (value) => {
          const { bits, values } = half([value]);
          const neighbours = [bits[0]! - 1, bits[0]! + 1].filter((each) => each >= 0 && (each & 0x7fff) < 0x7c01);
          const decoded = decodeWeights(
            new Uint8Array(Uint16Array.from(neighbours).buffer),
            [{ tensor: "a", shape: [neighbours.length] }],
            "float16",
          )[0]!;
          // Beyond the largest number the next would be 65536.
          const distances = [...decoded].map((each) => Math.abs(Math.max(-65536, Math.min(65536, each)) - value));
          const distance = Math.abs(values[0]! - value);
          for (const other of distances) {
            expect(distance).toBeLessThanOrEqual(other);
            if (distance === other && distance > 0) expect(bits[0]! & 1).toBe(0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

interface Plan {
  readonly tensors: readonly SharedTensor[];
  readonly momentum: number;
  readonly rounds: readonly (readonly {
    readonly slices: readonly WeightsSlice[];
    readonly precision: "float32" | "float16";
    readonly weight: number;
    readonly seed: number;
  }[])[];
  readonly fetched: readonly (readonly WeightsSlice[])[];
}

/** Of one chunk or several, none of which ends with a row. */
const shapeArbitrary = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
  fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 40_000, max: 70_000 })).map((sides) => [...sides]),
  fc.tuple(fc.integer({ min: 200, max: 300 }), fc.integer({ min: 250, max: 300 })).map((sides) => [...sides]),
);

function slicesArbitrary(tensors: readonly WeightsSlice[]): fc.Arbitrary<readonly WeightsSlice[]> {
  return fc
    .shuffledSubarray([...tensors], { minLength: 1 })
    .chain((some) =>
      fc.tuple(...some.map(({ tensor, shape }) => sliceArbitrary(shape).map((sides) => ({ tensor, shape: sides })))),
    );
}

const planArbitrary: fc.Arbitrary<Plan> = fc.array(shapeArbitrary, { minLength: 1, maxLength: 3 }).chain((shapes) => {
  const tensors = shapes.map((shape, place): SharedTensor => {
    const initial =
      place % 2 === 0 ? { type: "normal" as const, deviation: 1 } : { type: "constant" as const, value: 1 };
    return { tensor: `t${place}`, shape, initial };
  });
  const update = fc.record({
    slices: slicesArbitrary(tensors),
    precision: fc.constantFrom("float32", "float16"),
    weight: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.integer({ min: 1, max: 1000 }),
  });
  return fc.record({
    tensors: fc.constant(tensors),
    momentum: fc.constantFrom(0, 0, 0.9),
    rounds: fc.array(fc.array(update, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    fetched: fc.array(slicesArbitrary(tensors), { minLength: 1, maxLength: 2 }),
  });
});

describe("shared weights on disk", () => {
  test("are, bit for bit, what number by number gives, however slices, chunks and versions fall", async () => {
    await fc.assert(
      fc.asyncProperty(planArbitrary, async ({ tensors, momentum, rounds, fetched }) => {
        const folder = mkdtempSync(join(tmpdir(), "fpnas-weights-"));
        const disk = await openWeightsStore(folder);
        const memory = new MemoryWeights();
        try {
          for (const weights of [memory, disk])
            await weights.merge(job, { round: 0, tensors, seed: 3, updates: [], momentum });
          for (const [place, draws] of rounds.entries()) {
            const version = place + 1;
            const updates = [];
            for (const [trial, { slices, precision, weight, seed }] of draws.entries()) {
              const size = slices.reduce((sum, slice) => sum + sliceSize(slice), 0);
              const numbers = Float32Array.from({ length: size }, (_, n) => Math.sin(n * seed + trial + version));
              const bytes = encodeWeights([numbers], precision);
              const header = { trial: trial + 1, version, slices, precision, sha256: hashOf(bytes) };
              for (const weights of [memory, disk]) await weights.putUpdate(job, header, inPieces(bytes, 99_999));
              updates.push({ sha256: header.sha256, weight });
            }
            for (const weights of [memory, disk])
              await weights.merge(job, { round: version, tensors, seed: 3, updates, momentum });
            if (place % 2 === 1) await disk.collect(job, { version: version + 1, updates: [] });
            for (const [index, slices] of [tensors, ...fetched].entries()) {
              const precision = index % 2 === 0 ? "float32" : "float16";
              const expected = await fetchBytes(memory, job, version + 1, slices, precision);
              const found = await fetchBytes(disk, job, version + 1, slices, precision);
              expect(found.equals(expected)).toBe(true);
            }
          }
        } finally {
          await disk.close();
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 10 },
    );
  }, 120_000);
});
