// Original file: proto/fpnas/v1/search.proto


/**
 * How often attempts of a trial ended without a measurement, by class. Each class has its own budget (docs/reliability.md).
 */
export interface AttemptCounts {
  /**
   * The worker gave the trial back, as when it was told to stop.
   */
  'preempted'?: (number);
  /**
   * The deadline passed without a word from the worker.
   */
  'lost'?: (number);
  /**
   * The worker said that the evaluation failed.
   */
  'failed'?: (number);
  /**
   * The network cannot be evaluated.
   */
  'infeasible'?: (number);
  /**
   * The evaluation ran past its time limit.
   */
  'timedOut'?: (number);
}

/**
 * How often attempts of a trial ended without a measurement, by class. Each class has its own budget (docs/reliability.md).
 */
export interface AttemptCounts__Output {
  /**
   * The worker gave the trial back, as when it was told to stop.
   */
  'preempted': (number);
  /**
   * The deadline passed without a word from the worker.
   */
  'lost': (number);
  /**
   * The worker said that the evaluation failed.
   */
  'failed': (number);
  /**
   * The network cannot be evaluated.
   */
  'infeasible': (number);
  /**
   * The evaluation ran past its time limit.
   */
  'timedOut': (number);
}
