// Original file: proto/fpnas/v1/worker.proto

import type { CheckpointHeader as _fpnas_v1_CheckpointHeader, CheckpointHeader__Output as _fpnas_v1_CheckpointHeader__Output } from '../../fpnas/v1/CheckpointHeader.ts';

/**
 * One piece of a checkpoint, or of trained weights.
 */
export interface PutCheckpointRequest {
  /**
   * In the first request, and in no other.
   */
  'header'?: (_fpnas_v1_CheckpointHeader | null);
  /**
   * The next bytes, at most 1 MiB. May stand beside the header.
   */
  'chunk'?: (Buffer | Uint8Array | string);
}

/**
 * One piece of a checkpoint, or of trained weights.
 */
export interface PutCheckpointRequest__Output {
  /**
   * In the first request, and in no other.
   */
  'header': (_fpnas_v1_CheckpointHeader__Output | null);
  /**
   * The next bytes, at most 1 MiB. May stand beside the header.
   */
  'chunk': (Buffer);
}
