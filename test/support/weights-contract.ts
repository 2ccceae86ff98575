import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { SharedTensor } from "../../network/shared-weights.ts";
import { encodeWeights, sliceSize } from "../../network/weights-codec.ts";
import type { WeightsMerge, WeightsStore } from "../../coordinator/weights/weights-store.ts";
import { fetchBytes, fetchNumbers, hashOf, putNumbers } from "./weights-bytes.ts";

/** One implementation of the port, and what undoes it. */
export interface WeightsKind {
  readonly name: string;
  readonly create: () => Promise<{ readonly weights: WeightsStore; readonly remove: () => Promise<void> }>;
}

const job = "default/shared";
const tensors: readonly SharedTensor[] = [
  { tensor: "a/weights", shape: [2, 3], initial: { type: "normal", deviation: 0.5 } },
  { tensor: "a/scale", shape: [3], initial: { type: "constant", value: 1 } },
];
const [weightsOfA, scaleOfA] = tensors as readonly [SharedTensor, SharedTensor];
const round = (number: number, changes: Partial<WeightsMerge> = {}): WeightsMerge => {
  return { round: number, tensors, seed: 7, updates: [], momentum: 0, ...changes };
};
const code = (expected: string) => expect.objectContaining({ name: "WeightsError", code: expected });

/** What every store of shared weights promises. */
export function describeWeights({ name, create }: WeightsKind): void {
  describe(`shared weights ${name}`, () => {
    let weights: WeightsStore;
    let remove: () => Promise<void>;

    beforeEach(async () => {
      ({ weights, remove } = await create());
    });
    afterEach(() => remove());

    const all = (version: number) => fetchNumbers(weights, job, version, tensors);

    describe("merge", () => {
      test("makes the first version of normal numbers and constants, by seed and tensor", async () => {
        const wide = { tensor: "wide", shape: [100, 100], initial: { type: "normal", deviation: 0.25 } } as const;
        await weights.merge(job, round(0, { tensors: [...tensors, wide] }));
        const [first, scale, values] = await fetchNumbers(weights, job, 1, [...tensors, wide]);
        expect(scale).toEqual([1, 1, 1]);
        const mean = values!.reduce((sum, value) => sum + value, 0) / values!.length;
        const variance = values!.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values!.length;
        expect(Math.abs(mean)).toBeLessThan(0.25 * 0.05);
        expect(Math.sqrt(variance) / 0.25).toBeCloseTo(1, 1);

        await weights.merge("default/alike", round(0));
        expect((await fetchNumbers(weights, "default/alike", 1, tensors))[0]).toEqual(first);
        await weights.merge("default/other", round(0, { seed: 8 }));
        expect((await fetchNumbers(weights, "default/other", 1, tensors))[0]).not.toEqual(first);
      });

      test("adds each update by its weight to the places of its slices, and leaves the others", async () => {
        await weights.merge(job, round(0));
        const before = await all(1);
        const slices = [
          { tensor: "a/scale", shape: [2] },
          { tensor: "a/weights", shape: [2, 2] },
        ];
        const one = await putNumbers(weights, job, slices, [
          [1, 2],
          [10, 20, 30, 40],
        ]);
        const other = await putNumbers(weights, job, [{ tensor: "a/weights", shape: [1, 3] }], [[100, 200, 300]]);
        const updates = [
          { sha256: one, weight: 0.5 },
          { sha256: other, weight: 0.25 },
        ];
        await weights.merge(job, round(1, { updates }));
        const added = [5 + 25, 10 + 50, 75, 15, 20, 0];
        expect(await all(2)).toEqual([
          before[0]!.map((value, place) => Math.fround(value + added[place]!)),
          [1.5, 2, 1],
        ]);
        expect(await all(1)).toEqual(before);
      });

      test("adds in float64 in the order given, and rounds once", async () => {
        await weights.merge(job, round(0));
        const slices = [{ tensor: "a/scale", shape: [1] }];
        const values = [2 ** 30, 2 ** -20, -(2 ** 30), Math.fround(0.1)];
        const updates = [];
        for (const value of values)
          updates.push({ sha256: await putNumbers(weights, job, slices, [[value]]), weight: 0.3 });
        await weights.merge(job, round(1, { updates }));
        const [, scale] = await all(2);
        expect(scale![0]).toBe(Math.fround(values.reduce((sum, value) => sum + 0.3 * value, 1)));
      });

      test("makes the same once more, also when its base has been collected", async () => {
        await weights.merge(job, round(0));
        const sha256 = await putNumbers(weights, job, [scaleOfA], [[0.1, 0.2, 0.3]]);
        const merge = round(1, { updates: [{ sha256, weight: 0.7 }] });
        await weights.merge(job, merge);
        const first = await all(2);
        await weights.merge(job, merge);
        expect(await all(2)).toEqual(first);
        await weights.merge(job, round(2));
        expect(await all(3)).toEqual(first);
      });

      test("repeats a share of the last change, and needs no more than the last version for it", async () => {
        await weights.merge(job, round(0, { momentum: 0.5 }));
        const [, first] = await all(1);
        const sha256 = await putNumbers(weights, job, [{ tensor: "a/scale", shape: [2] }], [[4, 8]]);
        await weights.merge(job, round(1, { momentum: 0.5, updates: [{ sha256, weight: 1 }] }));
        await weights.collect(job, { version: 2, updates: [] });
        const [, second] = await all(2);
        expect(second!.map((value, place) => value - first![place]!)).toEqual([4, 8, 0]);
        await weights.merge(job, round(2, { momentum: 0.5 }));
        await weights.collect(job, { version: 3, updates: [] });
        await weights.merge(job, round(3, { momentum: 0.5 }));
        const [, last] = await all(4);
        expect(last!.map((value, place) => value - first![place]!)).toEqual([4 + 2 + 1, 8 + 4 + 2, 0]);
      });

      test("refuses momentum where the last merge had none", async () => {
        await weights.merge(job, round(0));
        await weights.merge(job, round(1));
        await expect(weights.merge(job, round(2, { momentum: 0.5 }))).rejects.toEqual(code("invalid"));
      });

      test("reads updates in float16", async () => {
        await weights.merge(job, round(0));
        const sha256 = await putNumbers(weights, job, [scaleOfA], [[0.1, -2, 65504]], { precision: "float16" });
        await weights.merge(job, round(1, { updates: [{ sha256, weight: 1 }] }));
        expect((await all(2))[1]).toEqual([Math.fround(1 + 0.0999755859375), -1, 65505]);
      });

      test("refuses what it has not, or does not fit", async () => {
        await expect(weights.merge(job, round(1))).rejects.toEqual(code("notFound"));
        await weights.merge(job, round(0));
        const missing = { sha256: "ab".repeat(32), weight: 1 };
        await expect(weights.merge(job, round(1, { updates: [missing] }))).rejects.toEqual(code("notFound"));
        await expect(weights.merge(job, round(1, { tensors: [scaleOfA] }))).rejects.toEqual(code("invalid"));
        const sha256 = await putNumbers(weights, job, [scaleOfA], [[3e38, 0, 0]]);
        const twice = [
          { sha256, weight: 1 },
          { sha256, weight: 1 },
        ];
        await expect(weights.merge(job, round(1, { updates: twice }))).rejects.toEqual(code("invalid"));
        await expect(all(2)).rejects.toEqual(code("notFound"));
      });

      test("keeps jobs apart, whatever their keys", async () => {
        const keys = ["p/a", "p_a", "P/A", "../p/a", "p/a/", "", `p/${"a".repeat(300)}`, `p/${"a".repeat(299)}b`];
        for (const [place, key] of keys.entries()) await weights.merge(key, round(0, { seed: place }));
        const found = await Promise.all(keys.map((key) => fetchBytes(weights, key, 1, tensors)));
        expect(new Set(found.map((bytes) => hashOf(bytes))).size).toBe(keys.length);
      });
    });

    describe("fetch", () => {
      test("gives slices in the order asked for, row-major, in either precision", async () => {
        await weights.merge(job, round(0));
        const whole = await all(1);
        const slices = [
          { tensor: "a/scale", shape: [1] },
          { tensor: "a/weights", shape: [2, 2] },
        ];
        const expected = [[1], [whole[0]![0]!, whole[0]![1]!, whole[0]![3]!, whole[0]![4]!]];
        expect(await fetchNumbers(weights, job, 1, slices)).toEqual(expected);
        const halves = encodeWeights(
          expected.map((part) => Float32Array.from(part)),
          "float16",
        );
        expect([...(await fetchBytes(weights, job, 1, slices, "float16"))]).toEqual([...halves]);
      });

      test("gives more than a MiB in pieces of at most that", async () => {
        const large = { tensor: "large", shape: [3, 100_001], initial: { type: "constant", value: 1 } } as const;
        await weights.merge(job, round(0, { tensors: [large, ...tensors] }));
        const sizes: number[] = [];
        const slices = [scaleOfA, { tensor: "large", shape: [3, 100_000] }];
        for await (const piece of weights.fetch(job, 1, slices, "float32")) sizes.push(piece.byteLength);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 20);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(300_003 * 4);
      });

      test("refuses versions and slices that there are not", async () => {
        await expect(all(1)).rejects.toEqual(code("notFound"));
        await weights.merge(job, round(0));
        await expect(all(2)).rejects.toEqual(code("notFound"));
        await expect(fetchBytes(weights, "default/none", 1, tensors)).rejects.toEqual(code("notFound"));
        const wrong = [
          [],
          [{ tensor: "b", shape: [1] }],
          [{ tensor: "a/scale", shape: [4] }],
          [{ tensor: "a/scale", shape: [0] }],
          [{ tensor: "a/scale", shape: [1.5] }],
          [{ tensor: "a/scale", shape: [1, 1] }],
          [scaleOfA, scaleOfA],
        ];
        for (const slices of wrong) await expect(fetchBytes(weights, job, 1, slices)).rejects.toEqual(code("invalid"));
      });
    });

    describe("putUpdate", () => {
      beforeEach(() => weights.merge(job, round(0)));

      test("stores an update, also again, and at the same time", async () => {
        const sha256 = hashOf(encodeWeights([Float32Array.of(1, 2, 3)], "float32"));
        expect(await weights.hasUpdate(job, sha256)).toBe(false);
        expect(await weights.hasUpdate("default/none", sha256)).toBe(false);
        const put = () => putNumbers(weights, job, [scaleOfA], [[1, 2, 3]]);
        await Promise.all([put(), put(), put()]);
        await put();
        expect(await weights.hasUpdate(job, sha256)).toBe(true);
        expect(await weights.hasUpdate("default/none", sha256)).toBe(false);
        await weights.merge(job, round(1, { updates: [{ sha256, weight: 1 }] }));
        expect((await all(2))[1]).toEqual([2, 3, 4]);
      });

      test("refuses what does not fit, and stores nothing of it", async () => {
        const values = [[1, 2, 3]];
        const sha256 = hashOf(encodeWeights([Float32Array.of(1, 2, 3)], "float32"));
        const refusals: [Promise<string>, string][] = [
          [putNumbers(weights, job, [scaleOfA], values, { sha256: "00".repeat(32) }), "invalid"],
          [putNumbers(weights, job, [scaleOfA], values, { version: 9 }), "notFound"],
          [putNumbers(weights, "default/none", [scaleOfA], values), "notFound"],
          [putNumbers(weights, job, [{ tensor: "b", shape: [3] }], values), "invalid"],
          [putNumbers(weights, job, [{ tensor: "a/scale", shape: [2] }], values), "invalid"],
          [putNumbers(weights, job, [weightsOfA], values), "invalid"],
          [putNumbers(weights, job, [{ tensor: "a/scale", shape: [4] }], [[1, 2, 3, 4]]), "invalid"],
          [putNumbers(weights, job, [], []), "invalid"],
        ];
        for (const [refusal, expected] of refusals) await expect(refusal).rejects.toEqual(code(expected));
        expect(await weights.hasUpdate(job, sha256)).toBe(false);
        expect(await weights.hasUpdate(job, "00".repeat(32))).toBe(false);
      });

      test("refuses numbers that are not finite, wherever a piece ends", async () => {
        for (const bad of [NaN, Infinity, -Infinity]) {
          for (const values of [
            [bad, 2, 3],
            [1, bad, 3],
            [1, 2, bad],
          ]) {
            await expect(putNumbers(weights, job, [scaleOfA], [values])).rejects.toEqual(code("invalid"));
            const halves = putNumbers(weights, job, [scaleOfA], [values], { precision: "float16" });
            await expect(halves).rejects.toEqual(code("invalid"));
          }
        }
      });

      test("passes on why the bytes have ended early, and stores nothing", async () => {
        const sha256 = hashOf(encodeWeights([Float32Array.of(1, 2, 3)], "float32"));
        const header = { trial: 1, version: 1, slices: [scaleOfA], precision: "float32", sha256 } as const;
        const broken = async function* (): AsyncGenerator<Uint8Array> {
          yield await Promise.resolve(new Uint8Array(4));
          throw new Error("the connection broke");
        };
        await expect(weights.putUpdate(job, header, broken())).rejects.toThrow("the connection broke");
        expect(await weights.hasUpdate(job, sha256)).toBe(false);
      });
    });

    describe("collect", () => {
      test("drops versions before the one to keep, and their updates but those named", async () => {
        await weights.merge(job, round(0));
        const put = (value: number, version: number) =>
          putNumbers(weights, job, [scaleOfA], [[value, 0, 0]], { version });
        const [old, named] = [await put(1, 1), await put(2, 1)];
        await weights.merge(job, round(1));
        const current = await put(3, 2);
        await weights.merge(job, round(2));
        const expected = await all(2);
        await weights.collect(job, { version: 2, updates: [named] });

        await expect(all(1)).rejects.toEqual(code("notFound"));
        expect(await all(2)).toEqual(expected);
        expect(await all(3)).toEqual(expected);
        const left = await Promise.all([old, named, current].map((sha256) => weights.hasUpdate(job, sha256)));
        expect(left).toEqual([false, true, true]);
        await expect(put(4, 1)).rejects.toEqual(code("notFound"));
      });

      test("leaves other jobs alone, and may be repeated, also where nothing was stored", async () => {
        await weights.merge("default/other", round(0));
        await weights.merge(job, round(0));
        await weights.merge(job, round(1));
        await weights.collect(job, { version: 2, updates: [] });
        await weights.collect(job, { version: 2, updates: [] });
        await weights.collect("default/none", { version: 2, updates: [] });
        expect(await fetchNumbers(weights, "default/other", 1, tensors)).toHaveLength(2);
        expect(await all(2)).toHaveLength(2);
      });

      test("does not harm what is being fetched or merged", async () => {
        const large = { tensor: "large", shape: [300_000], initial: { type: "constant", value: 1 } } as const;
        const some = { tensors: [large] };
        await weights.merge(job, round(0, some));
        const expected = hashOf(await fetchBytes(weights, job, 1, [large]));
        const fetching = weights.fetch(job, 1, [large], "float32")[Symbol.asyncIterator]();
        const pieces: Uint8Array[] = [];
        const first = await fetching.next();
        pieces.push(first.value as Uint8Array);
        const sha256 = await putNumbers(weights, job, [{ tensor: "large", shape: [1] }], [[1]]);
        await weights.merge(job, round(1, { ...some, updates: [{ sha256, weight: 1 }] }));
        const merging = weights.merge(job, round(2, some));
        await weights.collect(job, { version: 2, updates: [] });
        for (let next = await fetching.next(); next.done !== true; next = await fetching.next())
          pieces.push(next.value);
        expect(hashOf(Buffer.concat(pieces))).toBe(expected);
        await merging;
        const [second, third] = [
          await fetchBytes(weights, job, 2, [large]),
          await fetchBytes(weights, job, 3, [large]),
        ];
        expect(third.equals(second)).toBe(true);
        expect(sliceSize(large) * 4).toBe(third.length);
      });
    });
  });
}
