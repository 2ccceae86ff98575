// Original file: proto/fpnas/v1/search.proto


/**
 * A piece of a file.
 */
export interface UploadFileRequest {
  /**
   * SHA-256 of the whole file: 64 lower-case hexadecimal digits; needed in the first piece only.
   */
  'sha256'?: (string);
  /**
   * The next bytes, at most 1 MiB.
   */
  'chunk'?: (Buffer | Uint8Array | string);
}

/**
 * A piece of a file.
 */
export interface UploadFileRequest__Output {
  /**
   * SHA-256 of the whole file: 64 lower-case hexadecimal digits; needed in the first piece only.
   */
  'sha256': (string);
  /**
   * The next bytes, at most 1 MiB.
   */
  'chunk': (Buffer);
}
