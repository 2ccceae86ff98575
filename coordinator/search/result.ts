import { networkHash } from "../../network/canonical.ts";
import { failureReasons } from "../../network/measurement.ts";
import type { Candidate } from "./best.ts";
import type { SearchContext } from "./context.ts";
import { entropy, mode, slotSummaries } from "./distribution.ts";
import { expectedCost } from "./expected-cost.ts";
import { failedTrials, type JobState } from "./job-state.ts";
import { excesses } from "./reward.ts";
import type { FinalSummary, Observed, SearchResult, SupernetSummary } from "./types.ts";

/** What the search found: the state after its last round (and final training), told to people. */
export function searchResult(
  state: JobState,
  answer: Candidate,
  bestObserved: Candidate,
  { algorithm, space, spec, supernet }: SearchContext,
): SearchResult {
  const distribution = algorithm.distribution(state.algorithm);
  const likeliest = mode(distribution);
  return {
    answer: observed(answer),
    excess: spec.cost === null ? null : excesses(space.cost(answer.arms), spec.cost),
    mode: { arms: likeliest, hash: networkHash(space.decode(likeliest)) },
    bestObserved: observed(bestObserved),
    pareto: state.front.map((candidate) => ({
      ...observed(candidate),
      macs: candidate.macs,
      params: candidate.params,
    })),
    expectedCost: expectedCost(distribution, space, state.seed),
    draws: state.draws,
    trials: state.trials,
    reused: state.reused,
    uniqueNetworks: supernet === null ? state.trials + state.reused : null,
    rounds: state.rounds,
    stages: state.endedStages,
    distribution: slotSummaries(distribution, space.choices),
    finals: state.finals.flatMap(({ role, trial, arms, outcome }): FinalSummary[] =>
      outcome === null ? [] : [{ role, trial, arms, outcome }],
    ),
    ...(supernet !== null && { supernet: supernetSummary(state) }),
  };
}

function supernetSummary({ rounds, stale, finalists }: JobState): SupernetSummary {
  const ended = finalists.flatMap(({ trial, arms, outcome }) => (outcome === null ? [] : [{ trial, arms, outcome }]));
  return { version: rounds + 1, stale, finalists: ended };
}

/** Why a search has no answer, for people. */
export function nothingMeasured(state: JobState): string {
  const failed = failedTrials(state);
  if (failed === 0) return "The search ended before any network was measured.";
  const reason = failureReasons.reduce((most, next) => (state.failures[next] > state.failures[most] ? next : most));
  return `No network was measured: ${failed} of ${state.trials} trials failed, most often with ${reason} (${state.failures[reason]}).`;
}

/** How far a search is, for people. */
export interface Progress {
  /** Name of the stage under way; "finalists" while a supernet's are scored, "final" in the final training, "" before the start and after the end. */
  readonly stage: string;
  /** Rounds closed. */
  readonly rounds: number;
  /** Draws learned from. */
  readonly draws: number;
  /** Draws of the round under way, with those that came over from earlier rounds; 0 between rounds. */
  readonly roundDraws: number;
  /** Search trials to be evaluated: created, ended either way, and failed. */
  readonly trialsCreated: number;
  readonly trialsEnded: number;
  readonly trialsFailed: number;
  /** Nats, now and of the first distribution. */
  readonly entropy: number;
  readonly entropyStart: number;
  /** The answer if the search ended now; null before the first measurement of a closed round. */
  readonly best: {
    readonly trial: number;
    readonly accuracy: number;
    readonly macs: number | null;
    readonly params: number | null;
  } | null;
  /** Of the finalists while they are scored, else of the final training. */
  readonly finalsEnded: number;
  readonly finalsTotal: number;
}

/** Tells how far a search is. */
export function searchProgress(state: JobState, { algorithm, spec }: SearchContext): Progress {
  const trialsFailed = failedTrials(state);
  const last = state.phase === "choosing" ? state.finalists : state.finals;
  return {
    stage: stageName(state, spec.stages[state.stage.index]?.name ?? ""),
    rounds: state.rounds,
    draws: state.draws,
    roundDraws: state.round?.draws.length ?? 0,
    trialsCreated: state.trials,
    trialsEnded: state.measured + trialsFailed,
    trialsFailed,
    entropy: entropy(algorithm.distribution(state.algorithm)),
    entropyStart: state.entropyStart,
    best: state.answer === null ? null : bestOf(state.answer),
    finalsEnded: last.filter(({ outcome }) => outcome !== null).length,
    finalsTotal: last.length,
  };
}

function observed({ trial, arms, measurement }: Candidate): Observed {
  return { trial, arms, measurement };
}

function bestOf({ trial, measurement, macs, params }: Candidate): NonNullable<Progress["best"]> {
  return { trial, accuracy: measurement.accuracy, macs, params };
}

function stageName({ phase }: JobState, searching: string): string {
  switch (phase) {
    case "searching":
    case "answering":
      return searching;
    case "choosing":
      return "finalists";
    case "training":
      return "final";
    case "created":
    case "ended":
      return "";
  }
}
