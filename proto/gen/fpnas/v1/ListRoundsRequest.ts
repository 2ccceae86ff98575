// Original file: proto/fpnas/v1/search.proto


/**
 * Which rounds.
 */
export interface ListRoundsRequest {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'parent'?: (string);
  /**
   * At most this many; 0 means 50; above 1000 means 1000.
   */
  'pageSize'?: (number);
  /**
   * From the page before; empty for the first.
   */
  'pageToken'?: (string);
}

/**
 * Which rounds.
 */
export interface ListRoundsRequest__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'parent': (string);
  /**
   * At most this many; 0 means 50; above 1000 means 1000.
   */
  'pageSize': (number);
  /**
   * From the page before; empty for the first.
   */
  'pageToken': (string);
}
