// Original file: proto/fpnas/v1/search.proto


/**
 * One choice's probabilities.
 */
export interface Marginal {
  /**
   * The choice's name.
   */
  'choice'?: (string);
  /**
   * One for each arm, in order; they sum to 1.
   */
  'probabilities'?: (number | string)[];
}

/**
 * One choice's probabilities.
 */
export interface Marginal__Output {
  /**
   * The choice's name.
   */
  'choice': (string);
  /**
   * One for each arm, in order; they sum to 1.
   */
  'probabilities': (number)[];
}
