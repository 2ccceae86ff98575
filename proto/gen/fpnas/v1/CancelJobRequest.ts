// Original file: proto/fpnas/v1/search.proto


/**
 * Which job to cancel.
 */
export interface CancelJobRequest {
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
 * Which job to cancel.
 */
export interface CancelJobRequest__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name': (string);
  /**
   * As in CreateJobRequest.
   */
  'requestId': (string);
}
