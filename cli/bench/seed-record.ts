import { worth, type BenchProblem } from "./problem.ts";

/** What one search came to. Draws are numbered from 1; null where it did not come to that within the cap. */
export interface SeedRecord {
  readonly seed: number;
  /** The draw with which the best so far was in the top 1%, in the top 0.1%. */
  readonly bestTop1: number | null;
  readonly bestTop01: number | null;
  /** Draws made when the mode was first in the top 1%, in the top 0.1%, after an update. */
  readonly modeTop1: number | null;
  readonly modeTop01: number | null;
  /** Distinct networks among the draws up to `bestTop01`: the evaluations paid for. */
  readonly uniqueTop01: number | null;
  /** Whether the best at the cap is in the top 0.1%. */
  readonly isSolved: boolean;
  /** Whether the best at the cap meets the cost targets: false only where nothing did. */
  readonly isFeasible: boolean;
  /** Optimum - best so far after each draw, as fractions of accuracy; Infinity where there is none yet. As long as the cap. */
  readonly regrets: Float64Array;
  /** Share of the workers' time spent on trials; null where it is not known. */
  readonly busy: number | null;
  /** Median time of a step of the core, in ms. */
  readonly stepMs: number;
}

type Milestones = Pick<SeedRecord, "bestTop1" | "bestTop01" | "modeTop1" | "modeTop01" | "uniqueTop01">;

/** What is special about a search that is followed. */
export interface FollowOptions {
  /** Whether rewards are noisy, so that the best draw is not known. */
  readonly isNoisy: boolean;
  /** Whether it shows a distribution, which has a mode. */
  readonly hasMode: boolean;
}

/**
 * Follows one search draw by draw. Where rewards are exact, the best so far is the best draw so far. Where they are noisy it is what
 * the search would answer, by its true accuracy: it may become worse again.
 */
export class SeedFollower {
  readonly #problem: BenchProblem;
  readonly #options: FollowOptions;
  readonly #networks = new Set<string>();
  readonly #regrets: Float64Array;
  readonly #found: { -readonly [Key in keyof Milestones]: Milestones[Key] } = {
    bestTop1: null,
    bestTop01: null,
    modeTop1: null,
    modeTop01: null,
    uniqueTop01: null,
  };
  #draws = 0;
  #best = -Infinity;

  constructor(problem: BenchProblem, maxDraws: number, options: FollowOptions) {
    this.#problem = problem;
    this.#options = options;
    this.#regrets = new Float64Array(maxDraws).fill(Infinity);
  }

  /** True where every draw up to the cap was made. */
  get isFull(): boolean {
    return this.#draws >= this.#regrets.length;
  }

  /** True where nothing that is recorded can change any more. */
  get isSettled(): boolean {
    const { modeTop1, modeTop01 } = this.#found;
    const { isNoisy, hasMode } = this.#options;
    const isModeKnown = !hasMode || (modeTop1 !== null && modeTop01 !== null);
    return !isNoisy && this.#best >= this.#problem.optimum && isModeKnown;
  }

  /** One more draw; `network` is equal for samples that mean the same network. Draws beyond the cap are not looked at. */
  drawn(arms: readonly number[], network: string): void {
    if (this.isFull) return;
    this.#draws++;
    this.#networks.add(network);
    if (!this.#options.isNoisy) this.#best = Math.max(this.#best, worth(this.#problem, arms));
    this.#note();
  }

  /** An update was made after the draws so far; null where there is no mode, or no answer yet. */
  updated(mode: readonly number[] | null, answer: readonly number[] | null): void {
    const { levels } = this.#problem;
    const value = mode === null ? -Infinity : worth(this.#problem, mode);
    if (value >= levels.top1) this.#found.modeTop1 ??= this.#draws;
    if (value >= levels.top01) this.#found.modeTop01 ??= this.#draws;
    if (!this.#options.isNoisy) return;
    this.#best = answer === null ? -Infinity : worth(this.#problem, answer);
    this.#note();
  }

  record(seed: number, busy: number | null, stepMs: number): SeedRecord {
    return {
      seed,
      ...this.#found,
      isSolved: this.#best >= this.#problem.levels.top01,
      isFeasible: this.#best > -Infinity,
      // A search that stopped early would not have become worse.
      regrets: this.#regrets.fill(this.#problem.optimum - this.#best, this.#draws),
      busy,
      stepMs,
    };
  }

  #note(): void {
    const { levels, optimum } = this.#problem;
    if (this.#draws > 0) this.#regrets[this.#draws - 1] = optimum - this.#best;
    if (this.#best >= levels.top1) this.#found.bestTop1 ??= this.#draws;
    if (this.#best >= levels.top01) {
      this.#found.bestTop01 ??= this.#draws;
      this.#found.uniqueTop01 ??= this.#networks.size;
    }
  }
}
