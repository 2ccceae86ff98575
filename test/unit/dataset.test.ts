import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { evaluationBatches, trainingBatches } from "../../worker/data/batches.ts";
import { cacheFolder, loadCached } from "../../worker/data/cache.ts";
import type { DatasetSource } from "../../worker/data/dataset.ts";
import { readClass } from "../../worker/data/fashion-mnist.ts";
import { readIdx } from "../../worker/data/idx.ts";
import { loadDataset } from "../../worker/data/load-dataset.ts";
import { splitByHash } from "../../worker/data/split.ts";
import { tinyDataset } from "../support/training-networks.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-data-"));
});

describe("the cache of decoded data sets", () => {
  const part = (...values: number[]) => ({
    images: values.map((value) => Uint8Array.of(value, value)),
    labels: values.map((value) => value % 2),
  });
  const source = () => {
    const calls = { decoded: 0 };
    const made: DatasetSource = {
      ...{ name: "two", version: "1.2.3", input: { height: 1, width: 2, channels: 1 }, classes: 2 },
      variation: { shift: 0, mirror: false },
      decode: () => {
        calls.decoded += 1;
        return Promise.resolve({ train: part(1, 3), validation: part(8), test: part(5, 6, 7) });
      },
    };
    return { made, calls };
  };

  test("decodes once; what it reads back is the same, moments of the train part included", async () => {
    const { made, calls } = source();
    const first = await loadCached(made, folder);
    expect(await loadCached(made, folder)).toEqual(first);
    expect(calls.decoded).toBe(1);
    expect([first.mean, first.deviation]).toEqual([2, 1]);
    expect([...first.test.images]).toEqual([5, 5, 6, 6, 7, 7]);
    expect([...first.test.labels]).toEqual([1, 0, 1]);
    expect([...first.trainAndValidation.images]).toEqual([1, 1, 3, 3, 8, 8]);
    expect(await readdir(folder)).toEqual(["two-1.2.3.bin"]);
  });

  test.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, -1)],
    [
      "changed by a bit",
      (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))),
    ],
    [
      "of another format",
      (bytes: Buffer) => Buffer.from(bytes.toString("latin1").replace("dataset 1", "dataset 0"), "latin1"),
    ],
    ["empty", () => Buffer.alloc(0)],
  ])("makes a file anew that is %s", async (_, damage) => {
    const { made, calls } = source();
    const first = await loadCached(made, folder);
    const path = join(folder, "two-1.2.3.bin");
    await writeFile(path, damage(await readFile(path)));
    expect(await loadCached(made, folder)).toEqual(first);
    expect(await loadCached(made, folder)).toEqual(first);
    expect(calls.decoded).toBe(2);
  });

  test("does without a folder that cannot be made", async () => {
    const { made, calls } = source();
    await writeFile(join(folder, "file"), "");
    const dataset = await loadCached(made, join(folder, "file", "cache"));
    expect(dataset.train.count).toBe(2);
    expect(calls.decoded).toBe(1);
  });

  test("survives workers that start at the same time", async () => {
    const { made } = source();
    const all = await Promise.all(Array.from({ length: 8 }, () => loadCached(made, folder)));
    expect(new Set(all.map(({ mean }) => mean))).toEqual(new Set([2]));
    expect(await readdir(folder)).toEqual(["two-1.2.3.bin"]);
  });

  test("lies in FPNAS_CACHE_DIR, else under the user's cache folder", () => {
    expect(cacheFolder({ FPNAS_CACHE_DIR: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
    expect(cacheFolder({ FPNAS_CACHE_DIR: "", XDG_CACHE_HOME: "/b" })).toBe(join("/b", "fpnas"));
    expect(cacheFolder({})).toMatch(/\.cache.fpnas$/);
  });
});

describe("a split by hash", () => {
  const images = Array.from({ length: 30 }, (_, index) => Uint8Array.of(index));
  const labels = images.map((_, index) => index % 2);

  test("is the same in whatever order the images come", () => {
    const forward = splitByHash({ images, labels }, [3, 4]);
    const backward = splitByHash({ images: images.toReversed(), labels: labels.toReversed() }, [3, 4]);
    expect(backward).toEqual(forward);
    expect(forward.map((part) => part.labels.length)).toEqual([6, 8, 16]);
    expect(forward[0]?.labels.filter((label) => label === 0)).toHaveLength(3);
  });

  test("keeps an image once that appears twice, under the class that comes first", () => {
    const parts = splitByHash({ images: [Uint8Array.of(1), Uint8Array.of(1)], labels: [4, 2] }, [0]);
    expect(parts.map((part) => part.labels)).toEqual([[], [4]]);
  });
});

describe("batches", () => {
  const dataset = tinyDataset({ train: 50, validation: 30, test: 3 });

  /** Which example each image of a batch is, found by its pixels. */
  const indicesIn = (images: Float32Array, from = dataset.train): number[] =>
    Array.from({ length: images.length / 36 }, (_, position) => {
      const pixels = images.subarray(position * 36, (position + 1) * 36);
      return Array.from({ length: from.count }, (_unused, index) => index).findIndex((index) =>
        pixels.every((pixel, i) => Math.abs(pixel * 80 + 100 - from.images[index * 36 + i]!) < 1e-3),
      );
    });
  const take = (count: number, seed: number, from = 0): number[][] => {
    const batches: number[][] = [];
    for (const batch of trainingBatches(dataset, dataset.train, 8, seed, from)) {
      batches.push(indicesIn(batch.images));
      if (batches.length === count) break;
    }
    return batches;
  };

  test("hold every example at most once an epoch, normalized, with its label", () => {
    const [first] = trainingBatches(dataset, dataset.train, 8, 1, 0);
    expect([...first!.labels]).toEqual(indicesIn(first!.images).map((index) => dataset.train.labels[index]));
    const epoch = take(6, 1).flat();
    expect(new Set(epoch).size).toBe(48);
  });

  test("come in an order of each epoch's and each seed's own", () => {
    expect(take(12, 1)).toEqual(take(12, 1));
    expect(take(12, 1).slice(0, 6)).not.toEqual(take(12, 1).slice(6));
    expect(take(1, 1)).not.toEqual(take(1, 2));
  });

  test("are the same from any step on, in the first epoch and later", () => {
    const all = take(20, 1);
    for (let from = 0; from < 20; from += 1) expect(take(20 - from, 1, from)).toEqual(all.slice(from));
  });

  test("for evaluation are the first examples in order, none twice, the last one smaller", () => {
    const seen: number[] = [];
    const sizes: number[] = [];
    for (const { images, labels, count } of evaluationBatches(dataset, dataset.validation, 8, 20)) {
      seen.push(...indicesIn(images, dataset.validation));
      sizes.push(count);
      expect(labels).toHaveLength(count);
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(sizes).toEqual([8, 8, 4]);
    expect([...evaluationBatches(dataset, dataset.validation, 8, Infinity)]).toHaveLength(4);
  });
});

describe("reading IDX", () => {
  const bytes = Buffer.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]);

  test("gives shape and numbers, gzipped or not", async () => {
    await writeFile(join(folder, "plain"), bytes);
    await writeFile(join(folder, "packed"), gzipSync(bytes));
    for (const name of ["plain", "packed"]) {
      const { shape, data } = await readIdx(join(folder, name));
      expect({ shape, data: [...data] }).toEqual({ shape: [2, 3], data: [1, 2, 3, 4, 5, 6] });
    }
  });

  test.each([
    ["cut short", bytes.subarray(0, -1)],
    ["longer than it says", Buffer.concat([bytes, bytes])],
    ["of floats", Buffer.from(bytes.map((byte, i) => (i === 2 ? 0x0d : byte)))],
    ["empty", Buffer.alloc(0)],
  ])("refuses a file that is %s", async (_, content) => {
    await writeFile(join(folder, "bad"), content);
    await expect(readIdx(join(folder, "bad"))).rejects.toThrow();
  });
});

test("an unknown data set is unavailable, and the known ones are named", async () => {
  await expect(loadDataset("cifar")).rejects.toMatchObject({
    reason: "data_unavailable",
    message: 'This worker has no data set "cifar". It has mnist, fashion-mnist.',
  });
  await expect(loadDataset("constructor")).rejects.toMatchObject({ reason: "data_unavailable" });
});

describe("a class of Fashion-MNIST", () => {
  const image = Array.from({ length: 784 }, (_, index) => index % 256);
  const read = async (...entries: unknown[]) => {
    const path = join(folder, "3.json");
    await writeFile(path, JSON.stringify({ data: entries }));
    return await readClass({ version: "1.0.0", path: () => path }, 3);
  };

  test("is its images as bytes, without the entries that hold no image", async () => {
    expect(await read(image, [], image.toReversed())).toEqual([
      Uint8Array.from(image),
      Uint8Array.from(image.toReversed()),
    ]);
  });

  test.each([256, -1, 0.5, "7", null, true])("is refused with the pixel %p", async (pixel) => {
    await expect(read(image, image.with(500, pixel as number))).rejects.toThrow(/3\.json.*0 to 255/);
  });
});
