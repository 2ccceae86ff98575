// Original file: proto/fpnas/v1/measurement.proto


/**
 * What a worker observed of one network.
 */
export interface Measurement {
  /**
   * Share of examples classified right, 0 to 1, on the part that the evaluation names.
   */
  'accuracy'?: (number | string);
  /**
   * Mean cross-entropy in nats on the same part; absent where the evaluator has none (tabular).
   */
  'loss'?: (number | string);
  /**
   * Training steps made; 0 where nothing was trained.
   */
  'steps'?: (number);
  /**
   * Further figures by name, such as "imagesPerSecond" or "trainSeconds". May be empty.
   */
  'extra'?: ({[key: string]: number | string});
  '_loss'?: "loss";
}

/**
 * What a worker observed of one network.
 */
export interface Measurement__Output {
  /**
   * Share of examples classified right, 0 to 1, on the part that the evaluation names.
   */
  'accuracy': (number);
  /**
   * Mean cross-entropy in nats on the same part; absent where the evaluator has none (tabular).
   */
  'loss'?: (number);
  /**
   * Training steps made; 0 where nothing was trained.
   */
  'steps': (number);
  /**
   * Further figures by name, such as "imagesPerSecond" or "trainSeconds". May be empty.
   */
  'extra': ({[key: string]: number});
  '_loss'?: "loss";
}
