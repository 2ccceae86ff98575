import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { Cost, Network } from "../../network/types.ts";

/** Number of a trial within its job, from 1, in order of creation. */
export type TrialId = number;

/** What a trial is for: its reward is learned from, or it is part of the final training. */
export type TrialRole = "search" | "finalAnswer" | "finalRandom" | "finalLargest";

/** How a known trial ended, or that it has not ended. */
export type TrialOutcome =
  | { readonly type: "pending" }
  | { readonly type: "completed"; readonly measurement: Measurement }
  | { readonly type: "failed"; readonly reason: FailureReason };

/** A trial of this job that already has the looked-up network. */
export interface KnownTrial {
  readonly trial: TrialId;
  readonly outcome: TrialOutcome;
}

/** What happened: the only inputs of a search. Times are values that the shell supplies. */
export type Event =
  | { readonly type: "jobStarted"; readonly atMs: number }
  /** Answers `lookupNetworks`: one entry for each hash, in order; null where no trial has the network. */
  | { readonly type: "networksResolved"; readonly known: readonly (KnownTrial | null)[] }
  | { readonly type: "trialCompleted"; readonly trial: TrialId; readonly measurement: Measurement }
  /** The trial's last attempt failed; `infeasible` is one of the reasons. */
  | { readonly type: "trialFailed"; readonly trial: TrialId; readonly reason: FailureReason }
  /** For wall-time budgets; the shell sends it when the budget is used up. */
  | { readonly type: "clockAdvanced"; readonly atMs: number }
  | { readonly type: "jobPaused" }
  | { readonly type: "jobResumed" }
  | { readonly type: "jobCancelled" };

/** One trial to create. */
export interface PlannedTrial {
  readonly trial: TrialId;
  readonly role: TrialRole;
  readonly network: Network;
  /** Canonical hash of the network. */
  readonly hash: string;
  readonly arms: readonly number[];
  /** The round that drew it, from 1; 0 for final trials. */
  readonly round: number;
  /** Undefined where the space knows no cost. */
  readonly macs: number | undefined;
  readonly params: number | undefined;
}

/** One closed round, for people and plots. */
export interface RoundSummary {
  readonly round: number;
  readonly stage: string;
  /** Those learned from: in an asynchronous stage also of earlier rounds, and not those still under way. */
  readonly draws: number;
  /** Trials created in it. */
  readonly newTrials: number;
  /** After the update, nats. */
  readonly entropy: number;
  /** Probability of each arm of each choice after the update, marginalized over merged slots; order of the space's choices. */
  readonly marginals: readonly (readonly number[])[];
  /** Best feasible accuracy so far; null before the first. */
  readonly bestAccuracy: number | null;
}

/** What the shell must do next, in order, in the transaction that makes the new state durable. */
export type Command =
  /** Find trials of this job by network hash and answer with `networksResolved` at once. */
  | { readonly type: "lookupNetworks"; readonly hashes: readonly string[] }
  | { readonly type: "createTrials"; readonly trials: readonly PlannedTrial[] }
  /** Pending and leased trials whose outcome no longer matters. */
  | { readonly type: "cancelTrials"; readonly trials: readonly TrialId[] }
  /** Store the summary, and the snapshot of the state after this event. */
  | { readonly type: "closeRound"; readonly summary: RoundSummary }
  | { readonly type: "finishJob"; readonly outcome: JobOutcome };

/** A measured network. */
export interface Observed {
  readonly trial: TrialId;
  readonly arms: readonly number[];
  readonly measurement: Measurement;
}

export interface StageSummary {
  readonly name: string;
  readonly rounds: number;
  readonly draws: number;
  readonly trials: number;
  /** Nats. */
  readonly entropyStart: number;
  readonly entropyEnd: number;
}

/** Probabilities of one slot; a merged slot's run with its last choice fastest. */
export interface SlotSummary {
  readonly choices: readonly string[];
  readonly probabilities: readonly number[];
}

/** How one final training ended. */
export interface FinalSummary {
  readonly role: Exclude<TrialRole, "search">;
  readonly trial: TrialId;
  readonly arms: readonly number[];
  readonly outcome: Exclude<TrialOutcome, { type: "pending" }>;
}

/** A measured network with its cost; null where a figure is not known. */
export interface CostedNetwork extends Observed {
  readonly macs: number | null;
  readonly params: number | null;
}

/** A mean that was estimated from samples. */
export interface Estimate {
  readonly mean: number;
  /** Standard deviation of the mean, in the mean's unit; null of a single sample. */
  readonly standardError: number | null;
  /** Samples that count. */
  readonly samples: number;
}

/** Of one example, under a distribution; null where none of its samples has a known figure. */
export interface ExpectedCost {
  /** Multiply-accumulates. */
  readonly macs: Estimate | null;
  readonly params: Estimate | null;
}

/** By what share of a target a network exceeds it: 0 where it is met, null where the cost is not known. Only figures with a target are there. */
export type Excess = Readonly<Partial<Record<keyof Cost, number | null>>>;

/** What a search found. */
export interface SearchResult {
  /**
   * The best evaluated network that meets the cost targets (of all, where none does): with noisy rewards the one that the algorithm
   * recommends (`Algorithm.recommend`), else the one of the best reward observed.
   */
  readonly answer: Observed;
  /** How far the answer is from meeting the cost targets; null without one. */
  readonly excess: Excess | null;
  /** The most probable arms of the distribution at its end; may never have been evaluated. */
  readonly mode: { readonly arms: readonly number[]; readonly hash: string };
  /** The highest accuracy observed, whatever its cost. */
  readonly bestObserved: Observed;
  /**
   * The evaluated networks that no other evaluated one beats in both accuracy and cost, by rising cost: MACs, or params where the space
   * knows only these. Where it knows neither, the best. A hundred at most (`thinFront`).
   */
  readonly pareto: readonly CostedNetwork[];
  /** Of a network drawn from the distribution at its end. */
  readonly expectedCost: ExpectedCost;
  /** Draws of all rounds, repeats included; those that the trial budget had no room for are not. */
  readonly draws: number;
  /** Search trials, however they ended. */
  readonly trials: number;
  /** Distinct networks among the search trials: all of them, as long as a network is evaluated once a job. */
  readonly uniqueNetworks: number;
  readonly rounds: number;
  readonly stages: readonly StageSummary[];
  readonly distribution: readonly SlotSummary[];
  readonly finals: readonly FinalSummary[];
}

export type JobOutcome =
  | { readonly type: "succeeded"; readonly result: SearchResult }
  | { readonly type: "failed"; readonly error: string }
  | { readonly type: "cancelled" };

/** When a stage ends: at the first that holds. At least one is given, but for the last stage, which may go on until the budget ends. */
export interface StageEnd {
  /** Entropy at or below this share (0 to 1) of the job's first entropy. */
  readonly entropyBelow?: number;
  /** Rounds closed within the stage. */
  readonly rounds?: number;
  /** New trials within the stage. */
  readonly trials?: number;
}

export interface StageSpec {
  readonly name: string;
  /** `factorized`: a slot a choice; `block`: a slot for each block of choices. */
  readonly slots: "factorized" | "block";
  readonly until: StageEnd;
  /** Absent in a synchronous stage, whose rounds wait for all their draws. */
  readonly asynchronous?: AsynchronousRounds;
}

/** How an asynchronous stage makes its rounds: they end before all their draws have, and the others go over to the next. */
export interface AsynchronousRounds {
  /** So many ended draws end a round. */
  readonly updateAfter: number;
  /** Distinct networks under way to which every round is topped up; at least `updateAfter`. */
  readonly inFlight: number;
}

/** Cost targets; the hinge of each is max(0, cost / target - 1). */
export interface CostSpec {
  readonly macs?: number;
  readonly params?: number;
  /** Weight of the summed hinges, subtracted from the accuracy (a fraction). */
  readonly beta: number;
}

/** A search as the core needs it: every default filled in. */
export interface SearchSpec {
  /** Name and settings, as accepted by the algorithm's own schema. */
  readonly algorithm: { readonly name: string; readonly settings: Readonly<Record<string, unknown>> };
  readonly stages: readonly StageSpec[];
  readonly cost: CostSpec | null;
  /** Whether an accuracy says a network's worth but for chance. It follows from the evaluator: trainings are noisy, tables are exact. */
  readonly noisy: boolean;
  /** `trials` counts search trials; `wallMs` from `jobStarted`. */
  readonly budget: { readonly trials: number; readonly wallMs: number | null };
  /** How many random networks (with no fewer MACs than the answer) to train beside the answer, and whether the largest too; null: no final training. */
  readonly final: { readonly random: number; readonly largest: boolean } | null;
}

/** An integer from 0 to 2^53 - 1. */
export type Seed = number;
