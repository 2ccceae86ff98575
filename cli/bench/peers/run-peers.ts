import { availableParallelism } from "node:os";
import type { BenchSettings } from "../bench-spec.ts";
import type { LoadedProblem } from "../load-problems.ts";
import type { BenchRun } from "../run-bench.ts";
import type { BenchListener } from "../progress.ts";
import type { SeedRecord } from "../seed-record.ts";
import { OptunaPeer } from "./optuna.ts";
import { peers } from "./peer.ts";
import { searchWithPeer } from "./peer-search.ts";

/**
 * Runs every peer on every problem with the seeds of our own searches, in a Python process a core. Rejects where Python fails or `signal` is
 * aborted.
 * @param python an interpreter that has Optuna.
 */
export async function runPeers(
  python: string,
  loaded: readonly LoadedProblem[],
  settings: BenchSettings,
  signal: AbortSignal,
  listener: BenchListener,
): Promise<readonly BenchRun[]> {
  const runs: BenchRun[] = [];
  for (const one of loaded) {
    for (const { name, multivariate } of peers) {
      const records = await peerSeeds(python, one, multivariate, settings, signal, listener);
      const run = { problem: one.problem, algorithm: name, records };
      runs.push(run);
      listener.finished(run);
    }
  }
  return runs;
}

async function peerSeeds(
  python: string,
  { problem, noise }: LoadedProblem,
  multivariate: boolean,
  { seeds, workers, maxDraws }: BenchSettings,
  signal: AbortSignal,
  listener: BenchListener,
): Promise<readonly SeedRecord[]> {
  const records: SeedRecord[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const sizes = problem.space.choices.map(({ arms }) => arms.length);
    const peer = new OptunaPeer(python, { sizes, multivariate, parallel: workers > 1 });
    const stop = (): void => peer.stop();
    signal.addEventListener("abort", stop, { once: true });
    try {
      for (let seed = next++; seed < seeds; seed = next++) {
        signal.throwIfAborted();
        records[seed] = await searchWithPeer(peer, seed, problem, { workers, maxDraws, noise });
        listener.searched(1);
      }
    } finally {
      signal.removeEventListener("abort", stop);
      peer.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(seeds, availableParallelism()) }, work));
  return records;
}
