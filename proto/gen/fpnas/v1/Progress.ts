// Original file: proto/fpnas/v1/search.proto

import type { BestTrial as _fpnas_v1_BestTrial, BestTrial__Output as _fpnas_v1_BestTrial__Output } from '../../fpnas/v1/BestTrial.ts';

/**
 * How far a job is.
 */
export interface Progress {
  /**
   * The current stage's name; "final" while final networks are trained; empty before the first.
   */
  'stage'?: (string);
  /**
   * Closed rounds.
   */
  'rounds'?: (number);
  /**
   * Draws learned from so far.
   */
  'draws'?: (number);
  /**
   * Draws of the current round; in an asynchronous stage those in flight, with what has ended since the last update.
   */
  'roundDraws'?: (number);
  /**
   * Search trials created so far.
   */
  'trialsCreated'?: (number);
  /**
   * Search trials that ended, whichever way.
   */
  'trialsEnded'?: (number);
  /**
   * Search trials that failed or were infeasible.
   */
  'trialsFailed'?: (number);
  /**
   * budget.trials, or 0 where the spec has none.
   */
  'trialsBudget'?: (number);
  /**
   * Entropy of the distribution, in nats.
   */
  'entropy'?: (number | string);
  /**
   * Entropy at the start, in nats.
   */
  'entropyStart'?: (number | string);
  /**
   * The best feasible network so far; absent before the first.
   */
  'best'?: (_fpnas_v1_BestTrial | null);
  /**
   * Workers connected to the coordinator now that can evaluate the job's trials.
   */
  'workers'?: (number);
  /**
   * Final trials that ended.
   */
  'finalEnded'?: (number);
  /**
   * Final trials planned, known once the search has ended.
   */
  'finalTotal'?: (number);
}

/**
 * How far a job is.
 */
export interface Progress__Output {
  /**
   * The current stage's name; "final" while final networks are trained; empty before the first.
   */
  'stage': (string);
  /**
   * Closed rounds.
   */
  'rounds': (number);
  /**
   * Draws learned from so far.
   */
  'draws': (number);
  /**
   * Draws of the current round; in an asynchronous stage those in flight, with what has ended since the last update.
   */
  'roundDraws': (number);
  /**
   * Search trials created so far.
   */
  'trialsCreated': (number);
  /**
   * Search trials that ended, whichever way.
   */
  'trialsEnded': (number);
  /**
   * Search trials that failed or were infeasible.
   */
  'trialsFailed': (number);
  /**
   * budget.trials, or 0 where the spec has none.
   */
  'trialsBudget': (number);
  /**
   * Entropy of the distribution, in nats.
   */
  'entropy': (number);
  /**
   * Entropy at the start, in nats.
   */
  'entropyStart': (number);
  /**
   * The best feasible network so far; absent before the first.
   */
  'best': (_fpnas_v1_BestTrial__Output | null);
  /**
   * Workers connected to the coordinator now that can evaluate the job's trials.
   */
  'workers': (number);
  /**
   * Final trials that ended.
   */
  'finalEnded': (number);
  /**
   * Final trials planned, known once the search has ended.
   */
  'finalTotal': (number);
}
