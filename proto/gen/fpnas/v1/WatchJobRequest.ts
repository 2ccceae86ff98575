// Original file: proto/fpnas/v1/search.proto


/**
 * Which job to follow.
 */
export interface WatchJobRequest {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name'?: (string);
}

/**
 * Which job to follow.
 */
export interface WatchJobRequest__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name': (string);
}
