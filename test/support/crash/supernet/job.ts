import { smallSpace } from "../../supernet-job.ts";

/** A lease of a worker that was killed is given to another after this long. */
export const leaseTtlMs = 4_000;

/** Rounds of four draws through warm-up, coarse and fine stage, finalists, and a final training. */
export const supernetJob = {
  jobId: "shared",
  spec: {
    space: { file: "small.json" },
    algorithm: { name: "fp-nas", kMin: 4, kMax: 4 },
    stages: [
      { name: "warm-up", slots: "factorized", until: { rounds: 1 }, weightsOnly: true },
      { name: "coarse", slots: "factorized", until: { rounds: 2 } },
      { name: "fine", slots: "block" },
    ],
    evaluator: { supernet: { dataset: "mnist", localSteps: 2, batch: 16, validationExamples: 32, momentum: 0.5 } },
    budget: { trials: 20 },
    final: { steps: 4, from: "slice", distill: { teacher: "largest" } },
    seed: 7,
  },
  files: new Map([["small.json", Buffer.from(JSON.stringify(smallSpace))]]),
};
