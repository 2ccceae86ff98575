import { failureReasons, type FailureReason } from "../../network/measurement.ts";
import type { Candidate } from "./best.ts";
import type { EndedOutcome } from "./measurement.ts";
import type { StageProgress } from "./stage.ts";
import type { FinalSummary, Seed, StageSummary, TrialId } from "./types.ts";

/** Version of the state's shape; a change of shape or meaning raises it. */
export const stateVersion = 2;

/** A distinct network among draws. */
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
  /** Trials created for this round. */
  readonly newTrials: number;
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
 * trial of a recommended network is looked up) -> training (with a final training only) -> ended; `jobCancelled` and a search without any measurement go to ended at once.
 */
export interface JobState {
  readonly version: typeof stateVersion;
  readonly seed: Seed;
  readonly phase: "created" | "searching" | "answering" | "training" | "ended";
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
  /** Rounds closed. */
  readonly rounds: number;
  /** Draws learned from. */
  readonly draws: number;
  /** Search trials created. */
  readonly trials: number;
  /** Search trials that ended with a measurement. */
  readonly measured: number;
  /** Search trials that failed, by reason. */
  readonly failures: Readonly<Record<FailureReason, number>>;
  readonly answer: Candidate | null;
  readonly bestObserved: Candidate | null;
  /** Arms of the network that is looked up while answering; else null. */
  readonly recommended: readonly number[] | null;
  /** The Pareto front of what was measured, by rising cost: at most `frontCap` networks. */
  readonly front: readonly Candidate[];
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
