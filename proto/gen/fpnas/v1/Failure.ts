// Original file: proto/fpnas/v1/worker.proto

import type { FailureReason as _fpnas_v1_FailureReason, FailureReason__Output as _fpnas_v1_FailureReason__Output } from '../../fpnas/v1/FailureReason.ts';

/**
 * Why there is no measurement.
 */
export interface Failure {
  /**
   * The class of failure. Required.
   */
  'reason'?: (_fpnas_v1_FailureReason);
  /**
   * For people, one line, at most 2,000 characters. May be empty.
   */
  'detail'?: (string);
}

/**
 * Why there is no measurement.
 */
export interface Failure__Output {
  /**
   * The class of failure. Required.
   */
  'reason': (_fpnas_v1_FailureReason__Output);
  /**
   * For people, one line, at most 2,000 characters. May be empty.
   */
  'detail': (string);
}
