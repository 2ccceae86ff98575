// Original file: proto/fpnas/v1/measurement.proto

/**
 * Why an attempt, and in the end a trial, carries no reward. docs/reliability.md says which are tried again, and how often.
 */
export const FailureReason = {
  /**
   * Never sent.
   */
  FAILURE_REASON_UNSPECIFIED: 'FAILURE_REASON_UNSPECIFIED',
  /**
   * The network cannot exist or is not listed in the table. Final, not tried again.
   */
  FAILURE_REASON_INFEASIBLE: 'FAILURE_REASON_INFEASIBLE',
  /**
   * The worker does not know an operation of the network. Final.
   */
  FAILURE_REASON_UNKNOWN_OPERATION: 'FAILURE_REASON_UNKNOWN_OPERATION',
  /**
   * The device or the process ran out of memory.
   */
  FAILURE_REASON_OUT_OF_MEMORY: 'FAILURE_REASON_OUT_OF_MEMORY',
  /**
   * The loss became NaN or infinite.
   */
  FAILURE_REASON_NAN_LOSS: 'FAILURE_REASON_NAN_LOSS',
  /**
   * The evaluation ran past its time limit (Evaluation.time_limit_ms).
   */
  FAILURE_REASON_TIMED_OUT: 'FAILURE_REASON_TIMED_OUT',
  /**
   * The worker was told to stop, or could not begin, and gave the trial back.
   */
  FAILURE_REASON_PREEMPTED: 'FAILURE_REASON_PREEMPTED',
  /**
   * The lease ended without a word from the worker. Set by the coordinator only.
   */
  FAILURE_REASON_LOST: 'FAILURE_REASON_LOST',
  /**
   * The data set or the table could not be had.
   */
  FAILURE_REASON_DATA_UNAVAILABLE: 'FAILURE_REASON_DATA_UNAVAILABLE',
  /**
   * Anything else that the evaluator threw.
   */
  FAILURE_REASON_INTERNAL: 'FAILURE_REASON_INTERNAL',
  /**
   * Worker after worker died while it evaluated the network, which is given to no other. Set by the coordinator only.
   */
  FAILURE_REASON_QUARANTINED: 'FAILURE_REASON_QUARANTINED',
} as const;

/**
 * Why an attempt, and in the end a trial, carries no reward. docs/reliability.md says which are tried again, and how often.
 */
export type FailureReason =
  /**
   * Never sent.
   */
  | 'FAILURE_REASON_UNSPECIFIED'
  | 0
  /**
   * The network cannot exist or is not listed in the table. Final, not tried again.
   */
  | 'FAILURE_REASON_INFEASIBLE'
  | 1
  /**
   * The worker does not know an operation of the network. Final.
   */
  | 'FAILURE_REASON_UNKNOWN_OPERATION'
  | 2
  /**
   * The device or the process ran out of memory.
   */
  | 'FAILURE_REASON_OUT_OF_MEMORY'
  | 3
  /**
   * The loss became NaN or infinite.
   */
  | 'FAILURE_REASON_NAN_LOSS'
  | 4
  /**
   * The evaluation ran past its time limit (Evaluation.time_limit_ms).
   */
  | 'FAILURE_REASON_TIMED_OUT'
  | 5
  /**
   * The worker was told to stop, or could not begin, and gave the trial back.
   */
  | 'FAILURE_REASON_PREEMPTED'
  | 6
  /**
   * The lease ended without a word from the worker. Set by the coordinator only.
   */
  | 'FAILURE_REASON_LOST'
  | 7
  /**
   * The data set or the table could not be had.
   */
  | 'FAILURE_REASON_DATA_UNAVAILABLE'
  | 8
  /**
   * Anything else that the evaluator threw.
   */
  | 'FAILURE_REASON_INTERNAL'
  | 9
  /**
   * Worker after worker died while it evaluated the network, which is given to no other. Set by the coordinator only.
   */
  | 'FAILURE_REASON_QUARANTINED'
  | 10

/**
 * Why an attempt, and in the end a trial, carries no reward. docs/reliability.md says which are tried again, and how often.
 */
export type FailureReason__Output = typeof FailureReason[keyof typeof FailureReason]
