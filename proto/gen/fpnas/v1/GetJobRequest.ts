// Original file: proto/fpnas/v1/search.proto


/**
 * Which job.
 */
export interface GetJobRequest {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name'?: (string);
}

/**
 * Which job.
 */
export interface GetJobRequest__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name': (string);
}
