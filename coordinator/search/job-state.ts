import { failureReasons, type FailureReason } from "../../network/measurement.ts";
import type { Candidate } from "./best.ts";
import type { EndedOutcome } from "./measurement.ts";
import type { StageProgress } from "./stage.ts";
import type { FinalSummary, MergedUpdate, Seed, StageSummary, TrialId } from "./types.ts";

/** Version of the state's shape; a change of shape or meaning raises it. */
export const stateVersion = 4;

/** A distinct network among draws; of a supernet's draws each has its own. */
export interface RoundNetwork {
  readonly hash: string;
  /** Null until the lookup is answered. */
  readonly trial: TrialId | null;
  /** Null while the trial has not ended. */
  readonly outcome: EndedOutcome | null;
}

/** One draw. */
export interface RoundDraw {
  readonly arms: readonly number[];
  /** Index in the networks. */
  readonly network: number;
  /** The round that made it. */
  readonly round: number;
}

/** Draws and their networks. */
export interface DrawList {
  /** In the order they were made. */
  readonly draws: readonly RoundDraw[];
  /** In the order of their first draw. */
  readonly networks: readonly RoundNetwork[];
}

/** The round under way. */
export interface OpenRound extends DrawList {
  /** From 1. */
  readonly number: number;
  /** False until `networksResolved` has answered the round's lookup. */
  readonly resolved: boolean;
  /** How many of the draws, the first ones, came over from earlier rounds. */
  readonly carried: number;
  /** Trials created for this round to be evaluated. */
  readonly newTrials: number;
  /** Trials created for this round with the measurement of an earlier job. */
  readonly reused: number;
}

/** A merge of shared weights that is waited for before the search goes on. */
export interface Merging {
  /** The round just closed, 0 before the first: version `round` + 1 is made. */
  readonly round: number;
  readonly updates: readonly MergedUpdate[];
  /** The draws that go over to the next round. */
  readonly underWay: DrawList;
  /** True once the version is there: the search goes on with the next step that a pause does not hold back. */
  readonly isDone: boolean;
}

/** One of the networks among which a supernet's search chooses. */
export interface FinalistTrial {
  readonly trial: TrialId;
  readonly arms: readonly number[];
  /** Null while it has not ended. */
  readonly outcome: EndedOutcome | null;
}

/** One network of the final training. */
export interface FinalTrial {
  readonly role: FinalSummary["role"];
  readonly trial: TrialId;
  readonly arms: readonly number[];
  /** Null while it has not ended. */
  readonly outcome: EndedOutcome | null;
}

/**
 * Everything a search knows, as plain JSON that survives a round trip bit for bit. Nothing in it grows with the number of
 * past trials: duplicates are found by asking the shell. Its course: created -> searching -> answering (only while the
 * trial of a recommended network is looked up) or choosing (of a supernet: until its finalists have ended) -> training (with a final
 * training only) -> ended; `jobCancelled` and a search without any measurement go to ended at once.
 */
export interface JobState {
  readonly version: typeof stateVersion;
  readonly seed: Seed;
  readonly phase: "created" | "searching" | "answering" | "choosing" | "training" | "ended";
  readonly paused: boolean;
  /** When the job started; null before. */
  readonly startMs: number | null;
  /** The wall-time budget is used up. */
  readonly outOfTime: boolean;
  /** Owned by the algorithm. */
  readonly algorithm: unknown;
  /** Nats, of the uniform distribution. */
  readonly entropyStart: number;
  readonly stage: StageProgress;
  readonly endedStages: readonly StageSummary[];
  /** Null between rounds. */
  readonly round: OpenRound | null;
  /** Null while no merge is waited for, and always without a supernet. */
  readonly merging: Merging | null;
  /** Rounds closed. */
  readonly rounds: number;
  /** Draws learned from. */
  readonly draws: number;
  /** Draws of a supernet that ended too late to count. */
  readonly stale: number;
  /** Search trials created to be evaluated: what the budget counts. */
  readonly trials: number;
  /** Search trials created with the measurement of an earlier job. The next trial is number `trials` + `reused` + 1. */
  readonly reused: number;
  /** Search trials that were evaluated and ended with a measurement. */
  readonly measured: number;
  /** Search trials that failed, by reason. */
  readonly failures: Readonly<Record<FailureReason, number>>;
  readonly answer: Candidate | null;
  readonly bestObserved: Candidate | null;
  /** Arms of the network that is looked up while answering; else null. */
  readonly recommended: readonly number[] | null;
  /** The Pareto front of what was measured, by rising cost: at most `frontCap` networks. */
  readonly front: readonly Candidate[];
  readonly finalists: readonly FinalistTrial[];
  readonly finals: readonly FinalTrial[];
}

/** Search trials that failed. */
export function failedTrials(state: JobState): number {
  return Object.values(state.failures).reduce((sum, count) => sum + count, 0);
}

/** Every reason with count 0: all keys are always there and in one order, whichever failure comes first. */
export const noFailures = Object.fromEntries(failureReasons.map((reason) => [reason, 0])) as Readonly<
  Record<FailureReason, number>
>;
