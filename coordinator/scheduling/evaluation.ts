import { createHash } from "node:crypto";
import { plainRecipe, type Evaluation } from "../../network/evaluation.ts";
import type { JobSpec } from "../../spec/types.ts";
import type { TrialRole } from "../search/types.ts";

/**
 * How the trials of a role are evaluated: search trials train briefly and are measured on the validation part, final ones train for
 * the final steps and are measured once, on the whole test part. Their time limit grows with their steps.
 * @param files path as written in the spec to the SHA-256 under which it was uploaded.
 */
export function evaluationFor(spec: JobSpec, files: ReadonlyMap<string, string>, role: TrialRole): Evaluation {
  const { evaluator } = spec;
  const seed = evaluationSeed(spec.seed);
  const { timeLimitMs } = evaluator;
  const limit = (factor: number) => (timeLimitMs === undefined ? {} : { timeLimitMs: Math.ceil(timeLimitMs * factor) });
  if (evaluator.type === "tabular") return { type: "tabular", seed, ...limit(1) };
  const { finalSteps } = spec;
  const isSearch = role === "search" || finalSteps === null;
  const longer = isSearch ? 1 : Math.max(1, finalSteps / (evaluator.steps ?? finalSteps));
  if (evaluator.type === "command") {
    const { run, env, memoryMiB } = evaluator;
    const steps = isSearch ? evaluator.steps : finalSteps;
    return {
      ...{ type: "command", seed, run, env, part: isSearch ? "validation" : "test", ...limit(longer) },
      files: evaluator.files.map((path) => ({ path, sha256: files.get(path) ?? "" })),
      ...(memoryMiB === undefined ? {} : { memoryLimitBytes: memoryMiB * 2 ** 20 }),
      ...(steps === undefined ? {} : { steps }),
    };
  }
  const { dataset, batch, learningRate, weightDecay } = evaluator;
  const recipe = isSearch ? plainRecipe : (spec.finalRecipe ?? plainRecipe);
  const common = { type: "train", seed, dataset, batch, learningRate, weightDecay, recipe, ...limit(longer) } as const;
  if (isSearch) return { ...common, steps: evaluator.steps, part: "validation", evalExamples: evaluator.evalExamples };
  return { ...common, steps: finalSteps, part: "test", evalExamples: 0 };
}

/**
 * A 32-bit number from the job's seed. It is the same for all trials of a job: with common random numbers (equal initial weights and
 * batches where shapes agree) two networks differ in their measurement by less chance.
 */
export function evaluationSeed(jobSeed: number): number {
  return createHash("sha256").update(`evaluation/${jobSeed}`).digest().readUInt32BE(0);
}
