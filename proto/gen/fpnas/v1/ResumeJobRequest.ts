// Original file: proto/fpnas/v1/search.proto


/**
 * Which job to resume.
 */
export interface ResumeJobRequest {
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
 * Which job to resume.
 */
export interface ResumeJobRequest__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name': (string);
  /**
   * As in CreateJobRequest.
   */
  'requestId': (string);
}
