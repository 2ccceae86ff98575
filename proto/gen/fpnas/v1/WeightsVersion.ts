// Original file: proto/fpnas/v1/weights.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Names one immutable version of a job's shared weights.
 */
export interface WeightsVersion {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'job'?: (string);
  /**
   * From 1, grows with each merge.
   */
  'version'?: (number | string | Long);
  /**
   * SHA-256 of the whole: 64 lower-case hexadecimal digits.
   */
  'sha256'?: (string);
  /**
   * Length of the whole in bytes.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * Names one immutable version of a job's shared weights.
 */
export interface WeightsVersion__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'job': (string);
  /**
   * From 1, grows with each merge.
   */
  'version': (number);
  /**
   * SHA-256 of the whole: 64 lower-case hexadecimal digits.
   */
  'sha256': (string);
  /**
   * Length of the whole in bytes.
   */
  'sizeBytes': (number);
}
