// Original file: proto/fpnas/v1/worker.proto


/**
 * One piece of a file.
 */
export interface FetchFileResponse {
  /**
   * The next bytes, at most 1 MiB. The client checks the hash of the whole.
   */
  'chunk'?: (Buffer | Uint8Array | string);
}

/**
 * One piece of a file.
 */
export interface FetchFileResponse__Output {
  /**
   * The next bytes, at most 1 MiB. The client checks the hash of the whole.
   */
  'chunk': (Buffer);
}
