// Original file: proto/fpnas/v1/search.proto

import type { Marginal as _fpnas_v1_Marginal, Marginal__Output as _fpnas_v1_Marginal__Output } from '../../fpnas/v1/Marginal.ts';

/**
 * One draw-collect-update cycle that is closed.
 */
export interface Round {
  /**
   * From 1.
   */
  'round'?: (number);
  /**
   * Name of its stage.
   */
  'stage'?: (string);
  /**
   * How many draws it learned from. In an asynchronous stage some were made in earlier rounds.
   */
  'draws'?: (number);
  /**
   * How many new trials its own draws became.
   */
  'newTrials'?: (number);
  /**
   * Entropy after the update, in nats.
   */
  'entropy'?: (number | string);
  /**
   * Probability of each arm of each choice after the update, marginalized over merged slots.
   */
  'marginals'?: (_fpnas_v1_Marginal)[];
  /**
   * Best feasible accuracy so far, 0 to 1; 0 before the first.
   */
  'bestAccuracy'?: (number | string);
}

/**
 * One draw-collect-update cycle that is closed.
 */
export interface Round__Output {
  /**
   * From 1.
   */
  'round': (number);
  /**
   * Name of its stage.
   */
  'stage': (string);
  /**
   * How many draws it learned from. In an asynchronous stage some were made in earlier rounds.
   */
  'draws': (number);
  /**
   * How many new trials its own draws became.
   */
  'newTrials': (number);
  /**
   * Entropy after the update, in nats.
   */
  'entropy': (number);
  /**
   * Probability of each arm of each choice after the update, marginalized over merged slots.
   */
  'marginals': (_fpnas_v1_Marginal__Output)[];
  /**
   * Best feasible accuracy so far, 0 to 1; 0 before the first.
   */
  'bestAccuracy': (number);
}
