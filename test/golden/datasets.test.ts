import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { Dataset, Examples } from "../../worker/data/dataset.ts";
import { fashionMnist } from "../../worker/data/fashion-mnist.ts";
import { mnist } from "../../worker/data/mnist.ts";
import { pack, unpack } from "../../worker/data/packed.ts";
import { imageHash } from "../../worker/data/split.ts";

const golden = JSON.parse(readFileSync(new URL("datasets.json", import.meta.url), "utf8")) as Record<string, unknown>;

const sources = { mnist, "fashion-mnist": fashionMnist };
const decoded = new Map<string, Promise<Dataset>>();

/** Decoded here and now: a file in the cache would say nothing of today's code. */
function decode(name: keyof typeof sources): Promise<Dataset> {
  const decoding = async (): Promise<Dataset> => {
    const source = await sources[name]();
    return unpack(pack(await source.decode()), source);
  };
  const dataset = decoded.get(name) ?? decoding();
  decoded.set(name, dataset);
  return dataset;
}

/** SHA-256 of every image, in the part's order. */
function hashesOf({ count, images }: Examples): string[] {
  const size = images.length / count;
  return Array.from({ length: count }, (_, index) => imageHash(images.subarray(index * size, (index + 1) * size)));
}

/** What identifies a part: its size, its classes, and one hash over the ascending hashes of its images. */
function fingerprint(part: Examples, hashes: readonly string[]) {
  const perClass = Array.from({ length: 10 }, (_, label) => part.labels.filter((other) => other === label).length);
  return {
    count: part.count,
    perClass,
    sha256: createHash("sha256")
      .update([...hashes].sort().join(""))
      .digest("hex"),
  };
}

function describeParts(dataset: Dataset) {
  const hashes = {
    train: hashesOf(dataset.train),
    validation: hashesOf(dataset.validation),
    test: hashesOf(dataset.test),
  };
  const all = Object.values(hashes).flat();
  const summary = {
    train: fingerprint(dataset.train, hashes.train),
    validation: fingerprint(dataset.validation, hashes.validation),
    test: fingerprint(dataset.test, hashes.test),
    mean: Number(dataset.mean.toPrecision(12)),
    deviation: Number(dataset.deviation.toPrecision(12)),
  };
  return { hashes, all, summary };
}

describe.each(["mnist", "fashion-mnist"] as const)("%s", (name) => {
  test("is split as the golden file says, without an image in two parts", async () => {
    const dataset = await decode(name);
    const { hashes, all, summary } = describeParts(dataset);
    expect(summary).toEqual(golden[name]);
    expect(new Set(all).size).toBe(all.length);
    expect(hashesOf(dataset.trainAndValidation)).toEqual([...hashes.train, ...hashes.validation]);
  });
});

test("of each class of fashion-mnist the 1,000 smallest hashes are the test part, the 500 next the validation part", async () => {
  const dataset = await decode("fashion-mnist");
  const { hashes } = describeParts(dataset);
  for (let label = 0; label < 10; label += 1) {
    const ofClass = (part: "train" | "validation" | "test"): string[] =>
      hashes[part].filter((_, index) => dataset[part].labels[index] === label).sort();
    const [train, validation, testPart] = [ofClass("train"), ofClass("validation"), ofClass("test")];
    expect([testPart.length, validation.length]).toEqual([1000, 500]);
    expect(testPart.at(-1)! < validation[0]! && validation.at(-1)! < train[0]!).toBe(true);
  }
});
