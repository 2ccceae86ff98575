// Original file: proto/fpnas/v1/weights.proto

import type { UpdateHeader as _fpnas_v1_UpdateHeader, UpdateHeader__Output as _fpnas_v1_UpdateHeader__Output } from '../../fpnas/v1/UpdateHeader.ts';

/**
 * One piece of an update.
 */
export interface PutUpdateRequest {
  /**
   * In the first request, and in no other.
   */
  'header'?: (_fpnas_v1_UpdateHeader | null);
  /**
   * The next bytes, at most 1 MiB. May stand beside the header.
   */
  'chunk'?: (Buffer | Uint8Array | string);
}

/**
 * One piece of an update.
 */
export interface PutUpdateRequest__Output {
  /**
   * In the first request, and in no other.
   */
  'header': (_fpnas_v1_UpdateHeader__Output | null);
  /**
   * The next bytes, at most 1 MiB. May stand beside the header.
   */
  'chunk': (Buffer);
}
