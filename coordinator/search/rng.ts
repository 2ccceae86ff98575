import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { Seed } from "./types.ts";

/** One stream of random numbers. Its only state is how far it was read, so it never outlives the step that opened it. */
export interface Rng {
  /** The next number in [0, 1), uniform over 53 bits. */
  uniform(): number;
}

/**
 * Opens the random stream of a name such as "round/7/sample/3".
 * The stream is a function of seed and name alone: what other streams exist, or how far they were read, cannot change it.
 */
export function namedStream(seed: Seed, name: string): Rng {
  const digest = sha256(utf8ToBytes(`${String(seed)}/${name}`));
  const words = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => words.getInt32(offset)));
  return { uniform: () => uniformFloat64(generator) };
}

/** Index uniform over 0 to count - 1. */
export function uniformIndex(rng: Rng, count: number): number {
  return Math.floor(rng.uniform() * count);
}
