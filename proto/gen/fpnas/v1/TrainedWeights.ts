// Original file: proto/fpnas/v1/measurement.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Names a file of trained weights (docs/result.md says what is in it).
 */
export interface TrainedWeights {
  /**
   * SHA-256 of its bytes: 64 lower-case hexadecimal digits.
   */
  'sha256'?: (string);
  /**
   * Its length in bytes; at least 1.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * Names a file of trained weights (docs/result.md says what is in it).
 */
export interface TrainedWeights__Output {
  /**
   * SHA-256 of its bytes: 64 lower-case hexadecimal digits.
   */
  'sha256': (string);
  /**
   * Its length in bytes; at least 1.
   */
  'sizeBytes': (number);
}
