// Original file: proto/fpnas/v1/worker.proto

import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from '../../fpnas/v1/LeaseKey.ts';
import type { Measurement as _fpnas_v1_Measurement, Measurement__Output as _fpnas_v1_Measurement__Output } from '../../fpnas/v1/Measurement.ts';
import type { Failure as _fpnas_v1_Failure, Failure__Output as _fpnas_v1_Failure__Output } from '../../fpnas/v1/Failure.ts';

/**
 * How one lease ended.
 */
export interface Outcome {
  /**
   * Which lease.
   */
  'key'?: (_fpnas_v1_LeaseKey | null);
  /**
   * It was measured.
   */
  'measurement'?: (_fpnas_v1_Measurement | null);
  /**
   * It was not.
   */
  'failure'?: (_fpnas_v1_Failure | null);
  /**
   * How long the worker computed for it, in seconds: without waiting for files or weights, and without sending an update. Where it is not
   * set, the whole time of the lease counts.
   */
  'busySeconds'?: (number | string);
  /**
   * Exactly one is set.
   */
  'result'?: "measurement"|"failure";
  '_busySeconds'?: "busySeconds";
}

/**
 * How one lease ended.
 */
export interface Outcome__Output {
  /**
   * Which lease.
   */
  'key': (_fpnas_v1_LeaseKey__Output | null);
  /**
   * It was measured.
   */
  'measurement'?: (_fpnas_v1_Measurement__Output | null);
  /**
   * It was not.
   */
  'failure'?: (_fpnas_v1_Failure__Output | null);
  /**
   * How long the worker computed for it, in seconds: without waiting for files or weights, and without sending an update. Where it is not
   * set, the whole time of the lease counts.
   */
  'busySeconds'?: (number);
  /**
   * Exactly one is set.
   */
  'result'?: "measurement"|"failure";
  '_busySeconds'?: "busySeconds";
}
