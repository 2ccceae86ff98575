import { createHash } from "node:crypto";
import type { DecodedExamples } from "./dataset.ts";

/** An example with the SHA-256 of its image, lower-case hexadecimal. */
interface Hashed {
  readonly image: Uint8Array;
  readonly label: number;
  readonly sha256: string;
}

export const imageHash = (image: Uint8Array): string => createHash("sha256").update(image).digest("hex");

/** In the order of the images' hashes: a fixed order that has nothing to do with class or place of origin. Repeated images appear once. */
function distinctInHashOrder({ images, labels }: DecodedExamples): readonly Hashed[] {
  const byHash = new Map<string, Hashed>();
  images.forEach((image, index) => {
    const sha256 = imageHash(image);
    // The first one stays: where an image stands under two classes, the lower of them.
    if (!byHash.has(sha256)) byHash.set(sha256, { image, label: labels[index] ?? 0, sha256 });
  });
  return [...byHash.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

const unhashed = (examples: readonly Hashed[]): DecodedExamples => ({
  images: examples.map(({ image }) => image),
  labels: examples.map(({ label }) => label),
});

/**
 * Splits examples by the hashes of their images, so that the same images always make the same parts, in whatever order they came.
 * Repeated images are dropped. Of every class the `perClass[0]` smallest hashes are the first part, the `perClass[1]` next the second, and
 * so on; what is left is the last part.
 */
export function splitByHash(examples: DecodedExamples, perClass: readonly number[]): readonly DecodedExamples[] {
  const parts: Hashed[][] = Array.from({ length: perClass.length + 1 }, () => []);
  const bounds = perClass.map((_, part) => perClass.slice(0, part + 1).reduce((sum, count) => sum + count, 0));
  const seen = new Map<number, number>();
  for (const example of distinctInHashOrder(examples)) {
    const rank = seen.get(example.label) ?? 0;
    seen.set(example.label, rank + 1);
    const part = bounds.findIndex((bound) => rank < bound);
    parts.at(part)?.push(example);
  }
  return parts.map(unhashed);
}
