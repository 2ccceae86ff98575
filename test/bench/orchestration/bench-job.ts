import type { NewJob } from "../../../client/types.ts";

/** Choices of the benchmark's space and arms of each: 28 nats, so that hardly a network is drawn twice. */
export const choices = 10;
export const arms = 16;

/** Networks under way at a time that a job may have at most (docs/spec.md). */
const maxInFlight = 10_000;

/** As good as none, for a search that does not settle on a network, as nothing is learned from made-up measurements: steps cost the same. */
const learningRate = 1e-9;

/** What keeps each algorithm searching for as long as it is measured. */
const algorithms: Readonly<Record<string, object>> = {
  random: { name: "random" },
  "fp-nas": { name: "fp-nas", learningRate },
};

/** A table that lists one network. The benchmark's workers do not look anything up. */
const table = {
  name: "bench",
  choices: Array.from({ length: choices }, (_, choice) => ({
    name: `c${choice}`,
    arms: Array.from({ length: arms }, (_arm, arm) => arm),
  })),
  rows: [{ arms: Array.from({ length: choices }, () => 0), accuracy: 0.5 }],
};

/**
 * A job that no round holds back: an asynchronous stage that keeps as many networks under way as the workers hold, and some more.
 * Its networks are rows of a table, the smallest that a lease can carry.
 */
export function benchJob(jobId: string, algorithm: string, leasesHeld: number): NewJob {
  const updateAfter = 256;
  return {
    jobId,
    spec: {
      name: "bench",
      algorithm: algorithms[algorithm] ?? { name: algorithm },
      stages: [
        {
          name: "only",
          slots: "factorized",
          updateAfter,
          inFlight: Math.min(maxInFlight, 2 * Math.max(leasesHeld, updateAfter)),
        },
      ],
      evaluator: { tabular: { table: "table.json" } },
      budget: { trials: 10_000_000 },
    },
    files: new Map([["table.json", new TextEncoder().encode(JSON.stringify(table))]]),
  };
}
