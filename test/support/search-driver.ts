import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { JobState, Search } from "../../coordinator/search/job.ts";
import type {
  Command,
  EarlierTrial,
  Event,
  JobOutcome,
  KnownTrial,
  PlannedTrial,
  RoundSummary,
  Seed,
  TrialOutcome,
} from "../../coordinator/search/types.ts";

/** How a trial ends, as a worker would report it. */
export type Evaluation = Exclude<TrialOutcome, { type: "pending" }>;

/** A run from the start to `finishJob`. */
export interface SearchRun {
  readonly outcome: JobOutcome;
  readonly state: JobState;
  /** Every trial that was created, final ones too, in order. */
  readonly trials: readonly PlannedTrial[];
  readonly rounds: readonly RoundSummary[];
  readonly cancelled: readonly number[];
  readonly merges: readonly MergeCommand[];
}

export type MergeCommand = Extract<Command, { readonly type: "mergeWeights" }>;

export interface DriverOptions {
  /** Which of the open trials (by number, ascending) ends next; the first where not given. */
  readonly order?: (open: readonly number[]) => number;
  /** Looks at, or replaces, the state after every step, such as by a JSON round trip. */
  readonly between?: (state: JobState, commands: readonly Command[], event: Event) => JobState;
  /** Further events to send before the next trial ends; `ended` counts the trials that have. */
  readonly interrupt?: (ended: number) => readonly Event[];
  /** What an earlier job has measured, by network hash: nothing where not given. */
  readonly earlier?: ReadonlyMap<string, EarlierTrial>;
  /** Events to send when no trial is open but the job has not finished, as where it is paused. */
  readonly whenIdle?: readonly Event[];
}

/** A measurement with nothing but its accuracy. */
export function measured(accuracy: number): Evaluation {
  const measurement: Measurement = { accuracy, steps: 0, extra: {} };
  return { type: "completed", measurement };
}

export function failed(reason: FailureReason): Evaluation {
  return { type: "failed", reason };
}

function outcomeAtFirst({ earlier }: PlannedTrial): TrialOutcome {
  return earlier === null ? { type: "pending" } : { type: "completed", measurement: earlier.measurement };
}

/** What a job with these trials has measured, as a later job may reuse it: by network hash. */
export function measuredBy(
  trials: readonly PlannedTrial[],
  evaluate: (trial: PlannedTrial) => Evaluation,
): ReadonlyMap<string, EarlierTrial> {
  const found = new Map<string, EarlierTrial>();
  for (const trial of trials) {
    const evaluation = evaluate(trial);
    if (trial.role !== "search" || evaluation.type !== "completed") continue;
    found.set(trial.hash, { job: "default/earlier", trial: trial.trial, measurement: evaluation.measurement });
  }
  return found;
}

/** Plays the shell around a search, with an index of networks in memory, until the job has finished. */
export function runSearch(
  search: Search,
  seed: Seed,
  evaluate: (trial: PlannedTrial) => Evaluation,
  {
    order = (open) => open[0]!,
    between = (state) => state,
    interrupt = () => [],
    earlier = new Map(),
    whenIdle = [],
  }: DriverOptions = {},
): SearchRun {
  const trials: PlannedTrial[] = [];
  const rounds: RoundSummary[] = [];
  const cancelled: number[] = [];
  const merges: MergeCommand[] = [];
  const byHash = new Map<string, KnownTrial>();
  const open = new Map<number, PlannedTrial>();
  const finished: JobOutcome[] = [];
  let state = search.init(seed);

  const send = (event: Event): void => {
    const [next, commands] = search.step(state, event);
    state = between(next, commands, event);
    for (const command of commands) carryOut(command);
  };
  const carryOut = (command: Command): void => {
    switch (command.type) {
      case "lookupNetworks":
        send({
          type: "networksResolved",
          known: command.hashes.map((hash) => byHash.get(hash) ?? earlier.get(hash) ?? null),
        });
        break;
      case "mergeWeights":
        merges.push(command);
        send({ type: "weightsMerged", version: command.round + 1 });
        break;
      case "createTrials":
        for (const trial of command.trials) {
          trials.push(trial);
          if (trial.earlier === null) open.set(trial.trial, trial);
          if (trial.role === "search") byHash.set(trial.hash, { trial: trial.trial, outcome: outcomeAtFirst(trial) });
        }
        break;
      case "cancelTrials":
        for (const trial of command.trials) open.delete(trial);
        cancelled.push(...command.trials);
        break;
      case "closeRound":
        rounds.push(command.summary);
        break;
      case "finishJob":
        finished.push(command.outcome);
        break;
    }
  };

  send({ type: "jobStarted", atMs: 0 });
  const isFinished = (): boolean => finished.length > 0;
  for (let ended = 0; !isFinished(); ended++) {
    for (const event of interrupt(ended)) send(event);
    if (open.size === 0) for (const event of whenIdle) send(event);
    if (isFinished()) break;
    if (open.size === 0) throw new Error("The search waits for nothing but has not finished.");
    const number = order([...open.keys()].sort((left, right) => left - right));
    const trial = open.get(number)!;
    open.delete(number);
    const evaluation = evaluate(trial);
    if (trial.role === "search") byHash.set(trial.hash, { trial: number, outcome: evaluation });
    send(
      evaluation.type === "completed"
        ? { type: "trialCompleted", trial: number, measurement: evaluation.measurement }
        : { type: "trialFailed", trial: number, reason: evaluation.reason },
    );
  }
  const [outcome, ...more] = finished;
  if (outcome === undefined || more.length > 0) throw new Error(`The job finished ${finished.length} times.`);
  return { outcome, state, trials, rounds, cancelled, merges };
}
