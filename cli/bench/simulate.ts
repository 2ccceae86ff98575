import { searchContext, type SearchContext } from "../../coordinator/search/context.ts";
import { mode } from "../../coordinator/search/distribution.ts";
import { createSearch, type JobState, type Search } from "../../coordinator/search/job.ts";
import { convergedShare } from "../../coordinator/search/stage.ts";
import type {
  Command,
  Event,
  KnownTrial,
  PlannedTrial,
  RoundSummary,
  SearchSpec,
  Seed,
} from "../../coordinator/search/types.ts";
import { noisyAccuracy } from "./noise.ts";
import type { BenchProblem } from "./problem.ts";
import { median } from "../../coordinator/search/quantile.ts";
import { SeedFollower, type SeedRecord } from "./seed-record.ts";
import { VirtualWorkers } from "./virtual-workers.ts";

/** How searches are simulated. */
export interface SimulationOptions {
  readonly workers: number;
  readonly maxDraws: number;
  /** Standard deviation of the noise on every accuracy, a fraction; 0 for exact rewards. */
  readonly noise: number;
  /** A stopwatch in ms, for the time of a step. */
  readonly nowMs: () => number;
}

/** Makes a function that runs one search in virtual time, without processes. Throws SearchSpecError. */
export function simulation(
  spec: SearchSpec,
  problem: BenchProblem,
  options: SimulationOptions,
): (seed: Seed) => SeedRecord {
  const search = createSearch(spec, problem.space);
  const context = searchContext(spec, problem.space);
  return (seed) => new SimulatedJob(search, context, problem, options, seed).run();
}

/** The shell around one search: an index of networks in memory, virtual workers, and a follower that looks on. */
class SimulatedJob {
  readonly #search: Search;
  readonly #context: SearchContext;
  readonly #problem: BenchProblem;
  readonly #options: SimulationOptions;
  readonly #seed: Seed;
  readonly #follower: SeedFollower;
  readonly #workers: VirtualWorkers<PlannedTrial>;
  readonly #known = new Map<string, KnownTrial>();
  readonly #stepsMs: number[] = [];
  #state: JobState;
  #isOver = false;
  /** Number of the round whose draws were counted last. */
  #followed = 0;
  /** Time in the core since the last outcome, and whether a round was closed with it. */
  #turn = { ms: 0, closed: false };

  constructor(search: Search, context: SearchContext, problem: BenchProblem, options: SimulationOptions, seed: Seed) {
    this.#search = search;
    this.#context = context;
    this.#problem = problem;
    this.#options = options;
    this.#seed = seed;
    this.#follower = new SeedFollower(problem, options.maxDraws, { isNoisy: options.noise > 0, hasMode: true });
    this.#workers = new VirtualWorkers(options.workers, seed);
    this.#state = search.init(seed);
  }

  run(): SeedRecord {
    this.#send({ type: "jobStarted", atMs: 0 });
    while (!this.#isOver) {
      const trial = this.#workers.next();
      if (trial === undefined) throw new Error("The search waits for nothing but has not ended.");
      this.#turn = { ms: 0, closed: false };
      this.#send(this.#outcome(trial));
      if (this.#turn.closed) this.#stepsMs.push(this.#turn.ms);
    }
    return this.#follower.record(this.#seed, this.#workers.busyFraction(), median(this.#stepsMs));
  }

  /** Sends an event, and what the shell answers to it: in a loop, for a search may ask for known networks thousands of times in a row. */
  #send(event: Event): void {
    for (let next: Event | null = event; next !== null && !this.#isOver;) {
      const startMs = this.#options.nowMs();
      const [state, commands] = this.#search.step(this.#state, next);
      this.#turn.ms += this.#options.nowMs() - startMs;
      this.#state = state;
      next = null;
      for (const command of commands) next = this.#carryOut(command) ?? next;
      this.#followRound();
    }
  }

  /** Does what a command asks for; an event that answers it is returned. */
  #carryOut(command: Command): Event | null {
    switch (command.type) {
      case "mergeWeights":
        return { type: "weightsMerged", version: command.round + 1 };
      case "lookupNetworks":
        return { type: "networksResolved", known: command.hashes.map((hash) => this.#known.get(hash) ?? null) };
      case "createTrials":
        for (const { trial, hash } of command.trials) this.#known.set(hash, { trial, outcome: { type: "pending" } });
        this.#workers.add(command.trials);
        return null;
      case "cancelTrials":
        this.#workers.cancel(command.trials);
        return null;
      case "closeRound":
        this.#turn.closed = true;
        this.#follower.updated(this.#mode(), this.#answer());
        this.#isOver ||= this.#hasConverged(command.summary);
        return null;
      case "finishJob":
        this.#isOver = true;
        return null;
    }
  }

  /** Counts the draws of a round that was opened; those that came over from earlier rounds are counted there. */
  #followRound(): void {
    const { round } = this.#state;
    if (round === null || round.number === this.#followed || this.#isOver) return;
    this.#followed = round.number;
    // The cap is looked at only here, so that the last round within it is learned from.
    this.#isOver = this.#follower.isFull || this.#follower.isSettled;
    for (const { arms, network } of round.draws.slice(round.carried))
      this.#follower.drawn(arms, round.networks[network]?.hash ?? "");
  }

  /** What the search would answer now: with noise what the algorithm recommends, if it does, else the best observed. */
  #answer(): readonly number[] | null {
    const { algorithm } = this.#context;
    const recommended = this.#options.noise > 0 ? algorithm.recommend?.(this.#state.algorithm) : null;
    return recommended ?? this.#state.answer?.arms ?? null;
  }

  #mode(): number[] {
    return mode(this.#context.algorithm.distribution(this.#state.algorithm));
  }

  /** As a job tells it: nothing new comes from a distribution without entropy. */
  #hasConverged({ entropy }: RoundSummary): boolean {
    return this.#context.algorithm.converges && entropy <= convergedShare * this.#state.entropyStart;
  }

  #outcome({ trial, hash, arms }: PlannedTrial): Event {
    const accuracy = this.#problem.trueAccuracy(arms);
    if (accuracy === undefined) {
      this.#known.set(hash, { trial, outcome: { type: "failed", reason: "infeasible" } });
      return { type: "trialFailed", trial, reason: "infeasible" };
    }
    const noisy = noisyAccuracy(accuracy, this.#seed, arms, this.#options.noise);
    const measurement = { accuracy: noisy, steps: 0, extra: {} };
    this.#known.set(hash, { trial, outcome: { type: "completed", measurement } });
    return { type: "trialCompleted", trial, measurement };
  }
}
