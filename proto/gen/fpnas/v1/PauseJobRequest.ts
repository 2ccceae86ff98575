// Original file: proto/fpnas/v1/search.proto


/**
 * Which job to pause.
 */
export interface PauseJobRequest {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name'?: (string);
  /**
   * As in CreateJobRequest.
   */
  'requestId'?: (string);
}

/**
 * Which job to pause.
 */
export interface PauseJobRequest__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name': (string);
  /**
   * As in CreateJobRequest.
   */
  'requestId': (string);
}
