// Original file: proto/fpnas/v1/worker.proto


/**
 * Which file.
 */
export interface FetchFileRequest {
  /**
   * SHA-256 of its bytes: 64 lower-case hexadecimal digits.
   */
  'sha256'?: (string);
}

/**
 * Which file.
 */
export interface FetchFileRequest__Output {
  /**
   * SHA-256 of its bytes: 64 lower-case hexadecimal digits.
   */
  'sha256': (string);
}
