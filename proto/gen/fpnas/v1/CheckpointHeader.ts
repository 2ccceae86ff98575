// Original file: proto/fpnas/v1/worker.proto

import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from '../../fpnas/v1/LeaseKey.ts';
import type { Checkpoint as _fpnas_v1_Checkpoint, Checkpoint__Output as _fpnas_v1_Checkpoint__Output } from '../../fpnas/v1/Checkpoint.ts';
import type { TrainedWeights as _fpnas_v1_TrainedWeights, TrainedWeights__Output as _fpnas_v1_TrainedWeights__Output } from '../../fpnas/v1/TrainedWeights.ts';

/**
 * Whose checkpoint or weights come, and what they are.
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
   * What is coming; not set where it is weights.
   */
  'checkpoint'?: (_fpnas_v1_Checkpoint | null);
  /**
   * The trained weights that are coming instead of a checkpoint: the file that the trial's measurement is going to name.
   */
  'weights'?: (_fpnas_v1_TrainedWeights | null);
}

/**
 * Whose checkpoint or weights come, and what they are.
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
   * What is coming; not set where it is weights.
   */
  'checkpoint': (_fpnas_v1_Checkpoint__Output | null);
  /**
   * The trained weights that are coming instead of a checkpoint: the file that the trial's measurement is going to name.
   */
  'weights': (_fpnas_v1_TrainedWeights__Output | null);
}
