// Original file: proto/google/rpc/error.proto


/**
 * The cause, for programs.
 */
export interface ErrorInfo {
  /**
   * UPPER_SNAKE_CASE, unique within the domain.
   */
  'reason'?: (string);
  /**
   * Who defines the reason.
   */
  'domain'?: (string);
  /**
   * More about it.
   */
  'metadata'?: ({[key: string]: string});
}

/**
 * The cause, for programs.
 */
export interface ErrorInfo__Output {
  /**
   * UPPER_SNAKE_CASE, unique within the domain.
   */
  'reason': (string);
  /**
   * Who defines the reason.
   */
  'domain': (string);
  /**
   * More about it.
   */
  'metadata': ({[key: string]: string});
}
