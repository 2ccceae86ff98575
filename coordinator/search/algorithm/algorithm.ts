import type { z } from "zod";
import type { Distribution } from "../distribution.ts";
import type { Score } from "../reward.ts";
import type { Rng } from "../rng.ts";
import type { Choice } from "../space/space.ts";
import type { StageSpec } from "../types.ts";

/** What an algorithm is told of the job; immutable. */
export interface Problem {
  readonly choices: readonly Choice[];
  /** Weight of the cost hinge; 0 without a cost target. */
  readonly beta: number;
}

/** One draw of a closed round. */
export interface ScoredDraw {
  readonly arms: readonly number[];
  /** Null where its trial failed or its cost is not known: it carries no reward. */
  readonly score: Score | null;
}

/**
 * A way to search: where the next draws come from and what their scores change.
 * Every method is pure; the state is plain JSON of bounded size, kept inside the job's state and never changed in place.
 * Rounds, trials, stages, budgets and the answer are the job's affair (`job.ts`).
 */
export interface Algorithm<State = unknown> {
  init(): State;
  /** How many draws a round makes at this entropy (nats); at least 1. */
  roundSize(entropy: number): number;
  /** The draws of one round; `stream(k)` opens the random stream of draw k. */
  draw(state: State, count: number, stream: (draw: number) => Rng): readonly (readonly number[])[];
  /** Learns from a closed round. Draws come in the order they were made, a network as often as it was drawn. */
  update(state: State, draws: readonly ScoredDraw[]): State;
  /** What the algorithm holds probable; its entropy drives rounds and stages. */
  distribution(state: State): Distribution;
  /** A stage with these slots begins. */
  enterStage(state: State, slots: StageSpec["slots"]): State;
}

/** An algorithm as the registry lists it. */
export interface AlgorithmEntry<Settings = unknown> {
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  /** Fills defaults, refuses unknown keys, and describes every setting. */
  readonly settings: z.ZodType<Settings>;
  create(settings: Settings, problem: Problem): Algorithm;
}
