import type { AlgorithmEntry } from "./algorithm.ts";
import { fpNas } from "./fp-nas.ts";
import { fpNasArchive } from "./fp-nas-archive.ts";
import { fpNasPlus } from "./fp-nas-plus.ts";
import { localSearch } from "./local-search.ts";
import { parsec } from "./parsec.ts";
import { random } from "./random.ts";
import { regularizedEvolution } from "./regularized-evolution.ts";
import { reinforce } from "./reinforce.ts";

/** Every algorithm that a job spec can name, in the order they are listed to people. */
export const algorithms: readonly AlgorithmEntry[] = [
  fpNas,
  parsec,
  reinforce,
  fpNasArchive,
  fpNasPlus,
  regularizedEvolution,
  localSearch,
  random,
];

/** The algorithm of this name; undefined where there is none. */
export function findAlgorithm(name: string): AlgorithmEntry | undefined {
  return algorithms.find((entry) => entry.name === name);
}
