// Original file: proto/fpnas/v1/worker.proto

import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from '../../fpnas/v1/LeaseKey.ts';
import type { Network as _fpnas_v1_Network, Network__Output as _fpnas_v1_Network__Output } from '../../fpnas/v1/Network.ts';
import type { Evaluation as _fpnas_v1_Evaluation, Evaluation__Output as _fpnas_v1_Evaluation__Output } from '../../fpnas/v1/Evaluation.ts';
import type { Checkpoint as _fpnas_v1_Checkpoint, Checkpoint__Output as _fpnas_v1_Checkpoint__Output } from '../../fpnas/v1/Checkpoint.ts';

/**
 * The right to evaluate one trial until a deadline.
 */
export interface Lease {
  /**
   * Which lease.
   */
  'key'?: (_fpnas_v1_LeaseKey | null);
  /**
   * What to evaluate.
   */
  'network'?: (_fpnas_v1_Network | null);
  /**
   * How to evaluate it.
   */
  'evaluation'?: (_fpnas_v1_Evaluation | null);
  /**
   * What an earlier attempt at the trial left; not set where none left any. A worker that cannot use it begins anew.
   */
  'checkpoint'?: (_fpnas_v1_Checkpoint | null);
}

/**
 * The right to evaluate one trial until a deadline.
 */
export interface Lease__Output {
  /**
   * Which lease.
   */
  'key': (_fpnas_v1_LeaseKey__Output | null);
  /**
   * What to evaluate.
   */
  'network': (_fpnas_v1_Network__Output | null);
  /**
   * How to evaluate it.
   */
  'evaluation': (_fpnas_v1_Evaluation__Output | null);
  /**
   * What an earlier attempt at the trial left; not set where none left any. A worker that cannot use it begins anew.
   */
  'checkpoint': (_fpnas_v1_Checkpoint__Output | null);
}
