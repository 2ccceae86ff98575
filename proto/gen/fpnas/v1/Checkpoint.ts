// Original file: proto/fpnas/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * An unfinished evaluation, to be gone on with. Its bytes are for workers alone: the coordinator only keeps them.
 */
export interface Checkpoint {
  /**
   * What FetchFile gives it by: SHA-256 of its bytes, 64 lower-case hexadecimal digits.
   */
  'sha256'?: (string);
  /**
   * Training steps made; at least 1.
   */
  'step'?: (number);
  /**
   * Its length in bytes; at least 1.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * An unfinished evaluation, to be gone on with. Its bytes are for workers alone: the coordinator only keeps them.
 */
export interface Checkpoint__Output {
  /**
   * What FetchFile gives it by: SHA-256 of its bytes, 64 lower-case hexadecimal digits.
   */
  'sha256': (string);
  /**
   * Training steps made; at least 1.
   */
  'step': (number);
  /**
   * Its length in bytes; at least 1.
   */
  'sizeBytes': (number);
}
