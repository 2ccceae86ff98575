import { createHash } from "node:crypto";
import type { Evaluation } from "../../network/evaluation.ts";
import type { JobSpec } from "../../spec/types.ts";
import type { TrialRole } from "../search/types.ts";

/**
 * How the trials of a role are evaluated: search trials train briefly and are measured on the validation part, final ones train for
 * the final steps and are measured once, on the whole test part. Their time limit grows with their steps.
 */
export function evaluationFor(spec: JobSpec, role: TrialRole): Evaluation {
  const { evaluator } = spec;
  const seed = evaluationSeed(spec.seed);
  const { timeLimitMs } = evaluator;
  const limit = (factor: number) => (timeLimitMs === undefined ? {} : { timeLimitMs: Math.ceil(timeLimitMs * factor) });
  if (evaluator.type === "tabular") return { type: "tabular", seed, ...limit(1) };
  const { dataset, batch, learningRate, weightDecay } = evaluator;
  const common = { type: "train", seed, dataset, batch, learningRate, weightDecay } as const;
  if (role === "search" || spec.finalSteps === null) {
    return { ...common, steps: evaluator.steps, part: "validation", evalExamples: evaluator.evalExamples, ...limit(1) };
  }
  const longer = Math.max(1, spec.finalSteps / evaluator.steps);
  return { ...common, steps: spec.finalSteps, part: "test", evalExamples: 0, ...limit(longer) };
}

/**
 * A 32-bit number from the job's seed. It is the same for all trials of a job: with common random numbers (equal initial weights and
 * batches where shapes agree) two networks differ in their measurement by less chance.
 */
export function evaluationSeed(jobSeed: number): number {
  return createHash("sha256").update(`evaluation/${jobSeed}`).digest().readUInt32BE(0);
}
