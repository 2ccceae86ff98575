/** Trains from scratch for a number of steps, then measures: the domain form of fpnas.v1.TrainEvaluation, which documents each field. */
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
  /** How long it may take, in milliseconds; absent where there is no limit. */
  readonly timeLimitMs?: number;
}

/** How a network is turned into a measurement: the domain form of fpnas.v1.Evaluation. */
export type Evaluation =
  { readonly type: "tabular"; readonly seed: number; readonly timeLimitMs?: number } | TrainEvaluation;
