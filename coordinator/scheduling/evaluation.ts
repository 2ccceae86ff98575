import { createHash } from "node:crypto";
import { plainRecipe, type Evaluation } from "../../network/evaluation.ts";
import type { JobSpec, SupernetSpec } from "../../spec/types.ts";
import { largestWeights } from "../search/finals.ts";
import type { JobState } from "../search/job-state.ts";
import type { TrialRole } from "../search/types.ts";
import type { TrialRecord } from "../storage/storage.ts";

/** What the evaluation of a trial depends on beside its job. */
export type EvaluatedTrial = Pick<TrialRecord, "role" | "trial" | "round">;

/**
 * How the trials of a job are evaluated; parameters as of `evaluationFor`. What search trials have in common is made once: with stand-alone
 * trials all of it.
 */
export function evaluationsOf(
  spec: JobSpec,
  files: ReadonlyMap<string, string>,
): (trial: EvaluatedTrial, state: Pick<JobState, "finals">) => Evaluation {
  let common: Evaluation | null = null;
  return (trial, state) => {
    if (spec.evaluator.type === "supernet" || trial.role !== "search") return evaluationFor(spec, files, trial, state);
    return (common ??= evaluationFor(spec, files, trial, state));
  };
}

/**
 * How a trial is evaluated by its role: search trials train briefly and are measured on the validation part, final ones train for
 * the final steps and are measured once, on the whole test part, from their slices and with the teacher that the spec names. Their time limit
 * grows with their steps.
 * @param files path as written in the spec to the SHA-256 under which it was uploaded.
 */
export function evaluationFor(
  spec: JobSpec,
  files: ReadonlyMap<string, string>,
  trial: EvaluatedTrial,
  state: Pick<JobState, "finals">,
): Evaluation {
  const { evaluator } = spec;
  const role = trial.role as TrialRole;
  if (evaluator.type === "supernet" && (role === "search" || role === "finalist"))
    return supernetEvaluation(spec, evaluator, trial);
  const seed = evaluationSeed(spec.seed);
  const { timeLimitMs } = evaluator;
  const limit = (factor: number) => (timeLimitMs === undefined ? {} : { timeLimitMs: Math.ceil(timeLimitMs * factor) });
  if (evaluator.type === "tabular") return { type: "tabular", seed, ...limit(1) };
  const { finalSteps } = spec;
  const isSearch = role === "search" || finalSteps === null;
  const trialSteps = evaluator.type === "supernet" ? evaluator.localSteps : evaluator.steps;
  const longer = isSearch ? 1 : Math.max(1, finalSteps / (trialSteps ?? finalSteps));
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
  const { dataset, batch, weightDecay } = evaluator;
  const learningRate = (isSearch ? undefined : spec.finalLearningRate) ?? evaluator.learningRate;
  const recipe = isSearch ? plainRecipe : (spec.finalRecipe ?? plainRecipe);
  const common = { type: "train", seed, dataset, batch, learningRate, weightDecay, recipe, ...limit(longer) } as const;
  if (isSearch && evaluator.type === "train")
    return {
      ...common,
      ...{ steps: evaluator.steps, part: "validation", evalExamples: evaluator.evalExamples, keepWeights: false },
    };
  const teacher = role === "finalLargest" && spec.finalTeacher === "largest" ? null : teacherOf(spec, files, state);
  return {
    ...common,
    ...{ steps: finalSteps ?? 0, part: "test", evalExamples: 0, keepWeights: true },
    ...(trial.round > 0 && { startVersion: trial.round }),
    ...(teacher !== null && { teacher }),
  };
}

/** The hash of the weights of whom final trainings learn from; null where there is none. */
function teacherOf(
  { finalTeacher }: JobSpec,
  files: ReadonlyMap<string, string>,
  state: Pick<JobState, "finals">,
): string | null {
  if (finalTeacher === undefined) return null;
  return finalTeacher === "largest" ? (largestWeights(state)?.sha256 ?? null) : (files.get(finalTeacher.file) ?? null);
}

/**
 * A draw is scored by the validation batch of its round, then trains on batches of its own, at a learning rate that falls by a cosine over
 * the trial budget (FP-NAS trains so, by the papers before it). A finalist is measured only: on the whole validation part, without limit of time.
 */
function supernetEvaluation(
  spec: JobSpec,
  evaluator: SupernetSpec,
  { role, trial, round }: EvaluatedTrial,
): Evaluation {
  const { dataset, localSteps, batch, learningRate, weightDecay, validationExamples, precision, timeLimitMs } =
    evaluator;
  const seed = seedOf(`evaluation/${spec.seed}/${trial}`);
  const validationSeed = seedOf(`validation/${spec.seed}/${round}`);
  const common = {
    type: "supernet",
    seed,
    dataset,
    version: round,
    batch,
    weightDecay,
    validationSeed,
    precision,
  } as const;
  if (role === "finalist") return { ...common, localSteps: 0, learningRate, evalExamples: 0 };
  const progress = (trial - 1) / spec.search.budget.trials;
  return {
    ...common,
    localSteps,
    learningRate: (learningRate * (1 + Math.cos(Math.PI * progress))) / 2,
    evalExamples: validationExamples,
    ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
  };
}

/**
 * A 32-bit number from the job's seed. But for shared weights it is the same for all trials of a job: with common random numbers (equal initial weights and
 * batches where shapes agree) two networks differ in their measurement by less chance.
 */
export function evaluationSeed(jobSeed: number): number {
  return seedOf(`evaluation/${jobSeed}`);
}

function seedOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0);
}
