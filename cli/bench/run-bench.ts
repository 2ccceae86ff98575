import { availableParallelism } from "node:os";
import type { AlgorithmChoice } from "./algorithm-choice.ts";
import type { BenchSettings } from "./bench-spec.ts";
import type { LoadedProblem } from "./load-problems.ts";
import type { BenchProblem } from "./problem.ts";
import type { BenchListener } from "./progress.ts";
import type { SeedRecord } from "./seed-record.ts";
import { splitSeeds } from "./seed-tasks.ts";
import { SeedThreads } from "./seed-threads.ts";

/** All searches of one algorithm on one problem, by seed. */
export interface BenchRun {
  readonly problem: BenchProblem;
  readonly algorithm: string;
  readonly records: readonly SeedRecord[];
}

/**
 * Runs every algorithm on every problem with every seed, on all cores. Runs come in the order of problems, then algorithms. Rejects where `signal` is aborted.
 */
export async function runBench(
  loaded: readonly LoadedProblem[],
  algorithms: readonly AlgorithmChoice[],
  settings: BenchSettings,
  signal: AbortSignal,
  listener: BenchListener,
): Promise<readonly BenchRun[]> {
  const count = availableParallelism();
  const threads = new SeedThreads(count, { sources: loaded.map(({ source }) => source), settings });
  const stop = (): void => void threads.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const started = loaded.flatMap(({ problem, noise }, place) =>
      algorithms.map((algorithm) => {
        const tasks = splitSeeds({ problem: place, algorithm, noise }, settings.seeds, count);
        const records = Promise.all(
          tasks.map(async (task) => {
            const done = await threads.run(task);
            listener.searched(done.length);
            return done;
          }),
        );
        // The loop below awaits them in turn: one that fails meanwhile is not unheard of.
        records.catch(() => undefined);
        return { problem, algorithm: algorithm.label, records };
      }),
    );
    const runs: BenchRun[] = [];
    for (const { problem, algorithm, records } of started) {
      const run = { problem, algorithm, records: (await records).flat() };
      runs.push(run);
      listener.finished(run);
    }
    return runs;
  } finally {
    signal.removeEventListener("abort", stop);
    await threads.stop();
  }
}
