// Original file: proto/fpnas/v1/search.proto

import type { Job as _fpnas_v1_Job, Job__Output as _fpnas_v1_Job__Output } from '../../fpnas/v1/Job.ts';

/**
 * A page of jobs.
 */
export interface ListJobsResponse {
  /**
   * Newest first. May be empty.
   */
  'jobs'?: (_fpnas_v1_Job)[];
  /**
   * For the next page; empty after the last.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of jobs.
 */
export interface ListJobsResponse__Output {
  /**
   * Newest first. May be empty.
   */
  'jobs': (_fpnas_v1_Job__Output)[];
  /**
   * For the next page; empty after the last.
   */
  'nextPageToken': (string);
}
