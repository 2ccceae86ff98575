import type { StageEnd } from "./types.ts";

/** How far a stage has come. */
export interface StageProgress {
  /** Place in the spec's list. */
  readonly index: number;
  readonly rounds: number;
  readonly draws: number;
  /** New trials within the stage, but for reused ones. */
  readonly trials: number;
  /** Nats, when the stage began. */
  readonly entropyStart: number;
  /** Successive rounds, up to now, that drew only networks drawn before; those without a draw are not counted. */
  readonly stalledRounds: number;
  /** Lowest entropy of the stage, in nats. */
  readonly entropyLowest: number;
  /** Successive rounds, up to now, that did not get below it. */
  readonly levelRounds: number;
}

/** Share of the first entropy below which a distribution has converged: the mode has all but the last few percent. */
export const convergedShare = 0.005;

/** So many successive rounds without a new network also count as convergence, and so many in which the entropy does not fall. */
export const stalledRoundLimit = 30;

/** A stage that begins at this entropy. */
export function beginStage(index: number, entropy: number): StageProgress {
  const counts = { rounds: 0, draws: 0, trials: 0, stalledRounds: 0, levelRounds: 0 };
  return { index, entropyStart: entropy, entropyLowest: entropy, ...counts };
}

/** A round as its stage counts it. */
export interface ClosedRound {
  /** Those learned from. */
  readonly draws: number;
  /** Whether it made draws: a round that only waits for those of earlier rounds does not. */
  readonly hasDrawn: boolean;
  readonly newTrials: number;
  readonly reused: number;
  /** Nats, after the round's update. */
  readonly entropy: number;
}

/** The stage after one more closed round. */
export function countRound(stage: StageProgress, round: ClosedRound): StageProgress {
  const { draws, hasDrawn, newTrials, reused, entropy } = round;
  return {
    ...stage,
    rounds: stage.rounds + 1,
    draws: stage.draws + draws,
    trials: stage.trials + newTrials,
    stalledRounds: newTrials + reused > 0 ? 0 : stage.stalledRounds + (hasDrawn ? 1 : 0),
    entropyLowest: Math.min(stage.entropyLowest, entropy),
    levelRounds: entropy < stage.entropyLowest ? 0 : stage.levelRounds + 1,
  };
}

/**
 * True where the stage ends with the round just closed: at the first of its own rules that holds, or converged.
 * Rules are looked at when a round closes, so a stage has at least one round and `trials` may be passed by part of a round.
 * Entropies in nats; `first` is the job's first. Low entropy is convergence only where the algorithm says so (`Algorithm.converges`).
 */
export function isStageOver(
  stage: StageProgress,
  until: StageEnd,
  entropy: number,
  first: number,
  converges: boolean,
): boolean {
  return (
    (until.entropyBelow !== undefined && entropy <= until.entropyBelow * first) ||
    (until.rounds !== undefined && stage.rounds >= until.rounds) ||
    (until.trials !== undefined && stage.trials >= until.trials) ||
    hasConverged(stage, until, entropy, converges ? convergedShare * first : -Infinity)
  );
}

/** True where more rounds would bring nothing: neither new networks nor, where the stage waits for it, a lower entropy. */
function hasConverged(stage: StageProgress, until: StageEnd, entropy: number, converged: number): boolean {
  // Rounds come to their number by themselves.
  if (until.rounds !== undefined) return false;
  if (until.entropyBelow !== undefined) return Math.min(stage.stalledRounds, stage.levelRounds) >= stalledRoundLimit;
  return entropy <= converged || stage.stalledRounds >= stalledRoundLimit;
}
