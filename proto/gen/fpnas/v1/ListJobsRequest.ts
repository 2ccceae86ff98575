// Original file: proto/fpnas/v1/search.proto


/**
 * Which jobs.
 */
export interface ListJobsRequest {
  /**
   * "projects/{project}". Empty means "projects/default".
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
 * Which jobs.
 */
export interface ListJobsRequest__Output {
  /**
   * "projects/{project}". Empty means "projects/default".
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
