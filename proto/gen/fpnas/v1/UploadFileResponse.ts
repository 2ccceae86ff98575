// Original file: proto/fpnas/v1/search.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The stored file.
 */
export interface UploadFileResponse {
  /**
   * SHA-256 of the whole file.
   */
  'sha256'?: (string);
  /**
   * Its length in bytes.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * The stored file.
 */
export interface UploadFileResponse__Output {
  /**
   * SHA-256 of the whole file.
   */
  'sha256': (string);
  /**
   * Its length in bytes.
   */
  'sizeBytes': (number);
}
