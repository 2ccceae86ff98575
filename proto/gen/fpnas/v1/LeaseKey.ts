// Original file: proto/fpnas/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Names one lease.
 */
export interface LeaseKey {
  /**
   * "projects/{project}/jobs/{job}/trials/{trial}".
   */
  'trial'?: (string);
  /**
   * The fencing token: grows with each lease of the trial.
   */
  'leaseToken'?: (number | string | Long);
}

/**
 * Names one lease.
 */
export interface LeaseKey__Output {
  /**
   * "projects/{project}/jobs/{job}/trials/{trial}".
   */
  'trial': (string);
  /**
   * The fencing token: grows with each lease of the trial.
   */
  'leaseToken': (number);
}
