import type { Precision, TrainingRecipe } from "../network/evaluation.ts";
import type { SearchSpec } from "../coordinator/search/types.ts";

/** A program that evaluates networks (docs/spec.md, Programs). */
export interface CommandSpec {
  readonly type: "command";
  /** The program and its arguments, not empty. */
  readonly run: readonly string[];
  /** Paths as written, which are those in the program's working folder too. */
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absent where there is no limit. */
  readonly memoryMiB?: number;
  /** How long a search trial trains, as the program counts; absent where it is not told. */
  readonly steps?: number;
  readonly timeLimitMs?: number;
}

/** Shared weights that the trials train (docs/spec.md, Supernets). What the search is told of them is in `SearchSpec.supernet`. */
export interface SupernetSpec {
  readonly type: "supernet";
  readonly dataset: "mnist" | "fashion-mnist";
  /** Training steps between two merges. */
  readonly localSteps: number;
  readonly batch: number;
  /** Of the first trial; it falls by a cosine over the trial budget. */
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Examples of a round's validation batch. */
  readonly validationExamples: number;
  /** In which weights travel. */
  readonly precision: Precision;
  /** Share of the change of a merge that the next one repeats; 0 for none. */
  readonly momentum: number;
  readonly timeLimitMs?: number;
}

/** How trials are evaluated (docs/spec.md). */
export type EvaluatorSpec =
  | CommandSpec
  | SupernetSpec
  | { readonly type: "tabular"; readonly table: string; readonly timeLimitMs?: number }
  | {
      readonly type: "train";
      readonly dataset: "mnist" | "fashion-mnist";
      readonly steps: number;
      readonly batch: number;
      readonly learningRate: number;
      readonly weightDecay: number;
      /** Examples of the validation part that are measured; 0 for all. */
      readonly evalExamples: number;
      /** How long a search trial may take; absent where there is no limit. */
      readonly timeLimitMs?: number;
    };

/** A job spec with every default filled in: what `parseSpec` returns, and what `Job.spec_json` holds. */
export interface JobSpec {
  readonly name: string;
  /** A shipped space, a space file (path as written), or the table's own choices. */
  readonly space:
    | { readonly type: "shipped"; readonly name: string }
    | { readonly type: "file"; readonly file: string }
    | { readonly type: "table" };
  readonly evaluator: EvaluatorSpec;
  /** Its algorithm is named `auto` until the space is known (`resolveSpec`). */
  readonly search: SearchSpec;
  /** Why this algorithm, as a clause for people. */
  readonly algorithmReason: string;
  /** Ids of jobs of the same project whose results stand in for evaluations, the first first. */
  readonly reuse: readonly string[];
  /** Steps of the final training; null without one. */
  readonly finalSteps: number | null;
  /** Peak of the final training; absent where it is that of `evaluator.train`. */
  readonly finalLearningRate?: number;
  /** Of every network of the final training; absent where it adds nothing. */
  readonly finalRecipe?: TrainingRecipe;
  /** Whom every network of the final training learns from, the teacher itself apart; a file by its path as written. Absent where from nobody. */
  readonly finalTeacher?: "largest" | { readonly file: string };
  readonly seed: number;
}

/** One mistake in a spec, a table or a space file. */
export interface SpecMistake {
  /** Path such as "evaluator.train.steps"; empty for the document as a whole. */
  readonly path: string;
  /** What is wrong, what is allowed, and the nearest right name where there is one. One sentence or two. */
  readonly message: string;
}

/** Thrown by everything that reads what a user wrote. Lists every mistake found. */
export class SpecError extends Error {
  readonly mistakes: readonly SpecMistake[];
  constructor(mistakes: readonly SpecMistake[]) {
    super(
      mistakes
        .map((mistake) => (mistake.path === "" ? mistake.message : `${mistake.path}: ${mistake.message}`))
        .join("\n"),
    );
    this.name = "SpecError";
    this.mistakes = mistakes;
  }
}
