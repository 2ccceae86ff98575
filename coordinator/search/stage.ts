import type { StageEnd } from "./types.ts";

/** How far a stage has come. */
export interface StageProgress {
  /** Place in the spec's list. */
  readonly index: number;
  readonly rounds: number;
  readonly draws: number;
  /** New trials within the stage. */
  readonly trials: number;
  /** Nats, when the stage began. */
  readonly entropyStart: number;
  /** Successive rounds, up to now, that drew only networks drawn before. */
  readonly stalledRounds: number;
}

/** Share of the first entropy below which a distribution has converged: the mode has all but the last few percent. */
export const convergedShare = 0.005;

/** So many successive rounds without a new network also count as convergence. */
export const stalledRoundLimit = 30;

/** A stage that begins at this entropy. */
export function beginStage(index: number, entropy: number): StageProgress {
  return { index, rounds: 0, draws: 0, trials: 0, entropyStart: entropy, stalledRounds: 0 };
}

/** The stage after one more closed round. */
export function countRound(stage: StageProgress, draws: number, newTrials: number): StageProgress {
  return {
    ...stage,
    rounds: stage.rounds + 1,
    draws: stage.draws + draws,
    trials: stage.trials + newTrials,
    stalledRounds: newTrials > 0 ? 0 : stage.stalledRounds + 1,
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
    (converges && entropy <= convergedShare * first) ||
    stage.stalledRounds >= stalledRoundLimit
  );
}
