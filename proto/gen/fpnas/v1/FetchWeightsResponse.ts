// Original file: proto/fpnas/v1/weights.proto


/**
 * One piece.
 */
export interface FetchWeightsResponse {
  /**
   * The next bytes, at most 1 MiB.
   */
  'chunk'?: (Buffer | Uint8Array | string);
  /**
   * With the last piece only: SHA-256 of all bytes, 64 lower-case hexadecimal digits.
   */
  'sha256'?: (string);
}

/**
 * One piece.
 */
export interface FetchWeightsResponse__Output {
  /**
   * The next bytes, at most 1 MiB.
   */
  'chunk': (Buffer);
  /**
   * With the last piece only: SHA-256 of all bytes, 64 lower-case hexadecimal digits.
   */
  'sha256': (string);
}
