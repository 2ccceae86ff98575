import type { FailureReason, Measurement } from "../../network/measurement.ts";
import type { Cost, Network } from "../../network/types.ts";

/** Number of a trial within its job, from 1, in order of creation. */
export type TrialId = number;

/**
 * What a trial is for: its reward is learned from; it is one of those among which a supernet's search chooses its answer; or it is part of
 * the final training.
 */
export type TrialRole = "search" | "finalist" | "finalAnswer" | "finalRandom" | "finalLargest";

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

/** A trial that another job has completed for the looked-up network. */
export interface EarlierTrial {
  /** Key of that job. */
  readonly job: string;
  /** Its number there. */
  readonly trial: TrialId;
  readonly measurement: Measurement;
}

/** What is known of a looked-up network: a trial of this job or else an earlier job's; null where there is neither. */
export type LookupEntry = KnownTrial | EarlierTrial | null;

/** What happened: the only inputs of a search. Times are values that the shell supplies. */
export type Event =
  | { readonly type: "jobStarted"; readonly atMs: number }
  /** Answers `lookupNetworks`: one entry for each hash, in order. */
  | { readonly type: "networksResolved"; readonly known: readonly LookupEntry[] }
  | { readonly type: "trialCompleted"; readonly trial: TrialId; readonly measurement: Measurement }
  /** The trial's last attempt failed; `infeasible` is one of the reasons. */
  | { readonly type: "trialFailed"; readonly trial: TrialId; readonly reason: FailureReason }
  /** Answers `mergeWeights`: the version is there, for good. */
  | { readonly type: "weightsMerged"; readonly version: number }
  /** For wall-time budgets; the shell sends it when the budget is used up. */
  | { readonly type: "clockAdvanced"; readonly atMs: number }
  | { readonly type: "jobPaused" }
  | { readonly type: "jobResumed" }
  | { readonly type: "jobCancelled" };

/** One trial to create. */
export interface PlannedTrial {
  readonly trial: TrialId;
  readonly role: TrialRole;
  /** In a supernet's job with the names of its shared weights, but for a final training that does not start from them. */
  readonly network: Network;
  /** Canonical hash of the network that the space decodes; of a supernet's draw, `drawHash`. */
  readonly hash: string;
  readonly arms: readonly number[];
  /** The round that drew it, from 1; of a finalist, and in a final training from slices, the version of the shared weights; 0 for any other. */
  readonly round: number;
  /** Undefined where the space knows no cost. */
  readonly macs: number | undefined;
  readonly params: number | undefined;
  /** Whose measurement it takes over: the trial is complete at once. Null where it is to be evaluated. */
  readonly earlier: EarlierTrial | null;
}

/** One closed round, for people and plots. */
export interface RoundSummary {
  readonly round: number;
  readonly stage: string;
  /** Those learned from: in an asynchronous stage also of earlier rounds, and not those still under way. */
  readonly draws: number;
  /** Trials created in it to be evaluated. */
  readonly newTrials: number;
  /** After the update, nats. */
  readonly entropy: number;
  /** Probability of each arm of each choice after the update, marginalized over merged slots; order of the space's choices. */
  readonly marginals: readonly (readonly number[])[];
  /** Best feasible accuracy so far; null before the first. */
  readonly bestAccuracy: number | null;
}

/** A part of a merge. */
export interface MergedUpdate {
  /** Names the stored update. */
  readonly sha256: string;
  /** What it is multiplied with, 0 to 1. The weights of a merge sum to 1. */
  readonly weight: number;
}

/** What the shell must do next, in order, in the transaction that makes the new state durable. */
export type Command =
  /** Find trials of this job, and of those it may reuse, by network hash and answer with `networksResolved` at once. */
  | { readonly type: "lookupNetworks"; readonly hashes: readonly string[] }
  | { readonly type: "createTrials"; readonly trials: readonly PlannedTrial[] }
  /** Pending and leased trials whose outcome no longer matters. */
  | { readonly type: "cancelTrials"; readonly trials: readonly TrialId[] }
  /** Store the summary, and the snapshot of the state after this event. */
  | { readonly type: "closeRound"; readonly summary: RoundSummary }
  /**
   * Make version `round` + 1 of the shared weights, from version `round` and the updates in this order, and say so by `weightsMerged`.
   * Round 0: from the seed. The state names the merge until then (`JobState.merging`), also for a shell that was started anew.
   */
  | { readonly type: "mergeWeights"; readonly round: number; readonly updates: readonly MergedUpdate[] }
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
  readonly role: Exclude<TrialRole, "search" | "finalist">;
  readonly trial: TrialId;
  readonly arms: readonly number[];
  readonly outcome: Exclude<TrialOutcome, { type: "pending" }>;
}

/** A network that the answer of a supernet's search was chosen among. */
export interface Finalist {
  readonly trial: TrialId;
  readonly arms: readonly number[];
  readonly outcome: Exclude<TrialOutcome, { type: "pending" }>;
}

/** What became of the shared weights. */
export interface SupernetSummary {
  /** The last version, by which the finalists were scored. */
  readonly version: number;
  /** Draws that ended too many rounds after their own, and counted for nothing. */
  readonly stale: number;
  /** The mode first, then draws of the distribution at its end. */
  readonly finalists: readonly Finalist[];
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
   * recommends (`Algorithm.recommend`), else the one of the best reward observed. Of a supernet the best of the finalists.
   */
  readonly answer: Observed;
  /** How far the answer is from meeting the cost targets; null without one. */
  readonly excess: Excess | null;
  /** The most probable arms of the distribution at its end; may never have been evaluated. */
  readonly mode: { readonly arms: readonly number[]; readonly hash: string };
  /** The highest accuracy observed, whatever its cost; of a supernet among the finalists, as other accuracies are of other weights. */
  readonly bestObserved: Observed;
  /**
   * The evaluated networks that no other evaluated one beats in both accuracy and cost, by rising cost: MACs, or params where the space
   * knows only these. Where it knows neither, the best. A hundred at most (`thinFront`). Of a supernet among the finalists.
   */
  readonly pareto: readonly CostedNetwork[];
  /** Of a network drawn from the distribution at its end. */
  readonly expectedCost: ExpectedCost;
  /** Draws of all rounds, repeats included; those that the trial budget had no room for are not. */
  readonly draws: number;
  /** Search trials that were to be evaluated, however they ended. */
  readonly trials: number;
  /** Search trials that took over the measurement of an earlier job. */
  readonly reused: number;
  /** Distinct networks among the search trials: all of them, as a network is a trial once a job; null where each draw is a trial (of a supernet). */
  readonly uniqueNetworks: number | null;
  readonly rounds: number;
  readonly stages: readonly StageSummary[];
  readonly distribution: readonly SlotSummary[];
  readonly finals: readonly FinalSummary[];
  /** Of a supernet's search only. */
  readonly supernet?: SupernetSummary;
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
  /** New trials within the stage, but for reused ones. */
  readonly trials?: number;
}

export interface StageSpec {
  readonly name: string;
  /** `factorized`: a slot a choice; `block`: a slot for each block of choices. */
  readonly slots: "factorized" | "block";
  readonly until: StageEnd;
  /** Absent in a synchronous stage, whose rounds wait for all their draws. */
  readonly asynchronous?: AsynchronousRounds;
  /** Present where its rounds train the shared weights of a supernet and leave the distribution as it is (a warm-up). */
  readonly weightsOnly?: true;
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

/** How a search goes about a supernet: networks whose weights are slices of one set, which their trials train. */
export interface SupernetSearch {
  /** How a round's updates are weighed when they are merged: by the softmax of their train log-likelihoods (PARSEC), or all alike. */
  readonly merge: "likelihood" | "equal";
  /** How many rounds after its own a draw may end and still count. */
  readonly staleness: number;
}

/** Which networks are trained in the end beside the answer, and in which order. */
export interface FinalSpec {
  /** How many random networks, with no fewer MACs than the answer. */
  readonly random: number;
  readonly largest: boolean;
  /** Present where they begin with their slices of a supernet's last weights. */
  readonly fromSlice?: true;
  /** Present where the largest network is trained first, whatever `largest` says, and the others learn from it. */
  readonly teacher?: "largest";
}

/** A search as the core needs it: every default filled in. */
export interface SearchSpec {
  /** Name and settings, as accepted by the algorithm's own schema. */
  readonly algorithm: { readonly name: string; readonly settings: Readonly<Record<string, unknown>> };
  readonly stages: readonly StageSpec[];
  readonly cost: CostSpec | null;
  /** Whether an accuracy says a network's worth but for chance. It follows from the evaluator: trainings are noisy, tables are exact. */
  readonly noisy: boolean;
  /** `trials` counts search trials, but for reused ones; `wallMs` from `jobStarted`. */
  readonly budget: { readonly trials: number; readonly wallMs: number | null };
  /** Null: no final training. */
  readonly final: FinalSpec | null;
  /** Absent where every trial has weights of its own. Each draw of a supernet's search is a trial, and its log-likelihood is learned from. */
  readonly supernet?: SupernetSearch;
}

/** An integer from 0 to 2^53 - 1. */
export type Seed = number;
