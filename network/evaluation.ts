/** What a training does beside plain steps: the domain form of fpnas.v1.TrainingRecipe, which documents each field. */
export interface TrainingRecipe {
  readonly labelSmoothing: number;
  readonly augment: boolean;
  readonly averageDecay: number;
}

/** A recipe that adds nothing. */
export const plainRecipe: TrainingRecipe = { labelSmoothing: 0, augment: false, averageDecay: 0 };

/** What a worker registers beside "train" where it knows all fields of `TrainEvaluation`: final trainings are leased to such workers only. */
export const finalTraining = "train.final";

/** Trains for a number of steps, then measures: the domain form of fpnas.v1.TrainEvaluation, which documents each field. */
export interface TrainEvaluation {
  readonly type: "train";
  readonly seed: number;
  readonly dataset: string;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly part: "validation" | "test";
  readonly evalExamples: number;
  readonly recipe: TrainingRecipe;
  /** Whether the measured weights are stored, and named by the measurement. */
  readonly keepWeights: boolean;
  /** Absent where it begins with fresh weights. */
  readonly startVersion?: number;
  /** Absent where it learns from labels alone. */
  readonly teacher?: string;
  /** How long it may take, in milliseconds; absent where there is no limit. */
  readonly timeLimitMs?: number;
}

/** A file of a job that a program needs: fpnas.v1.CommandFile. */
export interface CommandFile {
  /** Where it lies in the program's working folder. */
  readonly path: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Has a program of the user's evaluate the network: the domain form of fpnas.v1.CommandEvaluation, which documents each field. */
export interface CommandEvaluation {
  readonly type: "command";
  readonly seed: number;
  /** The program and its arguments, not empty. */
  readonly run: readonly string[];
  readonly files: readonly CommandFile[];
  readonly env: Readonly<Record<string, string>>;
  /** Absent where there is no limit. */
  readonly memoryLimitBytes?: number;
  /** Absent where the job does not say. */
  readonly steps?: number;
  readonly part: "validation" | "test";
  readonly timeLimitMs?: number;
}

/** How the numbers of weights travel (fpnas.v1.Precision). */
export type Precision = "float32" | "float16";

/** Each precision's name in the enum of the wire. */
export const precisionNames = {
  float32: "PRECISION_FLOAT32",
  float16: "PRECISION_FLOAT16",
} as const satisfies Readonly<Record<Precision, string>>;

/**
 * Scores a network with a supernet's shared weights, then trains them: the domain form of fpnas.v1.SupernetEvaluation, which documents each
 * field.
 */
export interface SupernetEvaluation {
  readonly type: "supernet";
  /** Of the train batches. */
  readonly seed: number;
  readonly dataset: string;
  readonly version: number;
  readonly localSteps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly validationSeed: number;
  readonly evalExamples: number;
  readonly precision: Precision;
  readonly timeLimitMs?: number;
}

/** How a network is turned into a measurement: the domain form of fpnas.v1.Evaluation. */
export type Evaluation =
  | { readonly type: "tabular"; readonly seed: number; readonly timeLimitMs?: number }
  | TrainEvaluation
  | CommandEvaluation
  | SupernetEvaluation;
