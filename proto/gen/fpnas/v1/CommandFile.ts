// Original file: proto/fpnas/v1/worker.proto


/**
 * A file of a job that a program needs.
 */
export interface CommandFile {
  /**
   * Where it lies in the folder: names separated by /, of which none is empty, "." or "..".
   */
  'path'?: (string);
  /**
   * What FetchFile gives it by: 64 lower-case hexadecimal digits.
   */
  'sha256'?: (string);
}

/**
 * A file of a job that a program needs.
 */
export interface CommandFile__Output {
  /**
   * Where it lies in the folder: names separated by /, of which none is empty, "." or "..".
   */
  'path': (string);
  /**
   * What FetchFile gives it by: 64 lower-case hexadecimal digits.
   */
  'sha256': (string);
}
