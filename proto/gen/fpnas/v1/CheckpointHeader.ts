// Original file: proto/fpnas/v1/worker.proto

import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from '../../fpnas/v1/LeaseKey.ts';
import type { Checkpoint as _fpnas_v1_Checkpoint, Checkpoint__Output as _fpnas_v1_Checkpoint__Output } from '../../fpnas/v1/Checkpoint.ts';

/**
 * Whose checkpoint comes, and what it is.
 */
export interface CheckpointHeader {
  /**
   * The id given to Register.
   */
  'workerId'?: (string);
  /**
   * The lease under which it was made.
   */
  'key'?: (_fpnas_v1_LeaseKey | null);
  /**
   * What is coming.
   */
  'checkpoint'?: (_fpnas_v1_Checkpoint | null);
}

/**
 * Whose checkpoint comes, and what it is.
 */
export interface CheckpointHeader__Output {
  /**
   * The id given to Register.
   */
  'workerId': (string);
  /**
   * The lease under which it was made.
   */
  'key': (_fpnas_v1_LeaseKey__Output | null);
  /**
   * What is coming.
   */
  'checkpoint': (_fpnas_v1_Checkpoint__Output | null);
}
