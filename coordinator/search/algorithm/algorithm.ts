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
  /** The exact cost hinge of a sample, evaluated or not; 0 without a cost target, undefined where its cost is not known. */
  hinge(arms: readonly number[]): number | undefined;
}

/** One draw of a closed round. */
export interface ScoredDraw {
  readonly arms: readonly number[];
  /** Null where its trial failed or its cost is not known: it carries no reward. */
  readonly score: Score | null;
}

/** What an update may want to know of the draws to come; in synchronous stages there is nothing under way and no room. */
export interface Ahead {
  /** Samples whose trials have not ended: drawn, but not among the draws that are learned from. */
  readonly pending: readonly (readonly number[])[];
  /** How many new networks the next round of an asynchronous stage wants, whatever `roundSize` says. */
  readonly room: number;
}

/**
 * A way to search: where the next draws come from and what their scores change.
 * Every method is pure; the state is plain JSON of bounded size, kept inside the job's state and never changed in place.
 * Rounds, trials, stages, budgets and the answer are the job's affair (`job.ts`).
 */
export interface Algorithm<State = unknown> {
  /**
   * True where every draw comes from the distribution alone: once that has no entropy left, nothing new can come and the search is over.
   * False where the algorithm goes on to other networks however sure its distribution is.
   */
  readonly converges: boolean;
  /** Fewest draws that an update learns from: an asynchronous stage cannot make updates of fewer. */
  readonly leastDraws: number;
  init(): State;
  /** How many draws the next round of a synchronous stage makes; `entropy` is that of `distribution(state)`, in nats. At least 1. */
  roundSize(entropy: number, state: State): number;
  /**
   * So many draws; `stream(k)` opens the random stream of draw k. `pending` holds the samples under way, which an algorithm that
   * draws no network twice leaves alone, as far as the space has others.
   */
  draw(
    state: State,
    count: number,
    stream: (draw: number) => Rng,
    pending: readonly (readonly number[])[],
  ): readonly (readonly number[])[];
  /**
   * Learns from the draws of a closed round that have ended. They come in the order they were made, a network as often as it was drawn.
   * `stream` is the round's own, for algorithms that look at samples nobody evaluates.
   */
  update(state: State, draws: readonly ScoredDraw[], stream: Rng, ahead: Ahead): State;
  /** What the algorithm holds probable; its entropy drives rounds and stages. */
  distribution(state: State): Distribution;
  /**
   * The arms of the evaluated network whose posterior mean is the highest, of those of the lowest hinge: the answer where rewards are noisy.
   * Null where nothing can be said. An algorithm without a model of its rewards leaves it out, and the best observed is the answer.
   */
  recommend?(state: State): readonly number[] | null;
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
  /**
   * Settings that have another default where trials share weights, so that a trial is cheap and its merit a log-likelihood that grows with
   * each round; absent where the algorithm cannot learn from such trials.
   */
  readonly supernet?: Readonly<Record<string, unknown>>;
  create(settings: Settings, problem: Problem): Algorithm;
}
