import type { AlgorithmChoice } from "./algorithm-choice.ts";
import { benchSpec, type BenchSettings } from "./bench-spec.ts";
import type { BenchProblem } from "./problem.ts";
import { loadProblem, type ProblemSource } from "./problem-source.ts";
import type { SeedRecord } from "./seed-record.ts";
import { simulation } from "./simulate.ts";

/** Some seeds of one algorithm on one problem. */
export interface SeedTask {
  /** Place in the list of problems. */
  readonly problem: number;
  readonly algorithm: AlgorithmChoice;
  /** Standard deviation of the noise; 0 for exact rewards. */
  readonly noise: number;
  readonly firstSeed: number;
  readonly seeds: number;
}

/** Makes a function that runs tasks one after the other; problems are loaded when they are first asked for. */
export function taskRunner(
  sources: readonly ProblemSource[],
  settings: BenchSettings,
  nowMs: () => number,
): (task: SeedTask) => readonly SeedRecord[] {
  const problems = new Map<number, BenchProblem>();
  return ({ problem: place, algorithm, noise, firstSeed, seeds }) => {
    const source = sources[place];
    if (source === undefined) throw new RangeError(`There is no problem ${String(place)}.`);
    const problem = problems.get(place) ?? loadProblem(source);
    problems.set(place, problem);
    const spec = benchSpec(algorithm.spec, problem.cost, settings);
    const run = simulation(spec, problem, { workers: settings.workers, maxDraws: settings.maxDraws, noise, nowMs });
    return Array.from({ length: seeds }, (_, index) => run(firstSeed + index));
  };
}

/** The tasks of one algorithm on one problem: so many that all threads stay at work, and few enough that passing them costs nothing. */
export function splitSeeds(
  whole: Omit<SeedTask, "firstSeed" | "seeds">,
  seeds: number,
  threads: number,
): readonly SeedTask[] {
  const size = Math.ceil(seeds / (threads * 4));
  return Array.from({ length: Math.ceil(seeds / size) }, (_, index) => ({
    ...whole,
    firstSeed: index * size,
    seeds: Math.min(size, seeds - index * size),
  }));
}
