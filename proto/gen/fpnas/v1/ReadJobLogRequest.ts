// Original file: proto/fpnas/v1/search.proto


/**
 * Whose log.
 */
export interface ReadJobLogRequest {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name'?: (string);
}

/**
 * Whose log.
 */
export interface ReadJobLogRequest__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name': (string);
}
