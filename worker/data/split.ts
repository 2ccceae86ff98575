import { createHash } from "node:crypto";
import type { Shape } from "../../network/types.ts";
import { exampleSize, type Dataset, type Examples } from "./dataset.ts";

/** An image with its class and the SHA-256 of its bytes (lower-case hexadecimal), by which it is told apart and ordered. */
export interface HashedExample {
  readonly image: Uint8Array;
  readonly label: number;
  readonly hash: string;
}

/** Images of the validation part, for each class. */
export const validationPerClass = 500;

/** Hashes an image. */
export function hashExample(image: Uint8Array, label: number): HashedExample {
  return { image, label, hash: createHash("sha256").update(image).digest("hex") };
}

/** Each image once: the first of those with equal bytes. */
export function withoutDuplicates(examples: readonly HashedExample[]): HashedExample[] {
  const seen = new Set<string>();
  return examples.filter(({ hash }) => !seen.has(hash) && seen.add(hash));
}

/** Per class the `count` examples of the smallest hashes, and all the others. */
export function takeSmallest(
  examples: readonly HashedExample[],
  count: number,
): { readonly taken: HashedExample[]; readonly rest: HashedExample[] } {
  const taken: HashedExample[] = [];
  const rest: HashedExample[] = [];
  const perClass = new Map<number, number>();
  for (const example of byHash(examples)) {
    const place = perClass.get(example.label) ?? 0;
    perClass.set(example.label, place + 1);
    (place < count ? taken : rest).push(example);
  }
  return { taken, rest };
}

/** Makes a data set of what may be trained on and what may only be tested on: the validation part comes out of the former. */
export function makeDataset(
  identity: { readonly name: string; readonly shape: Shape; readonly classes: number },
  trainable: readonly HashedExample[],
  test: readonly HashedExample[],
): Dataset {
  const { taken: validation, rest: train } = takeSmallest(trainable, validationPerClass);
  return {
    ...identity,
    ...pixelStatistics(trainable),
    train: pack(train, identity.shape),
    validation: pack(validation, identity.shape),
    test: pack(byHash(test), identity.shape),
  };
}

/** The order is total for images that differ; equal images keep the order they came in. */
function byHash(examples: readonly HashedExample[]): HashedExample[] {
  return examples.toSorted((left, right) => (left.hash < right.hash ? -1 : left.hash > right.hash ? 1 : 0));
}

function pack(examples: readonly HashedExample[], shape: Shape): Examples {
  const size = exampleSize(shape);
  const images = new Uint8Array(examples.length * size);
  examples.forEach(({ image }, index) => images.set(image, index * size));
  return { count: examples.length, images, labels: Uint8Array.from(examples, ({ label }) => label) };
}

function pixelStatistics(examples: readonly HashedExample[]): Pick<Dataset, "mean" | "deviation"> {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const { image } of examples) {
    count += image.length;
    for (const pixel of image) {
      sum += pixel;
      squares += pixel * pixel;
    }
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(squares / count - mean * mean) };
}
