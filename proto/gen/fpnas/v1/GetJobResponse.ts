// Original file: proto/fpnas/v1/search.proto

import type { Job as _fpnas_v1_Job, Job__Output as _fpnas_v1_Job__Output } from '../../fpnas/v1/Job.ts';

/**
 * One job.
 */
export interface GetJobResponse {
  /**
   * The job.
   */
  'job'?: (_fpnas_v1_Job | null);
}

/**
 * One job.
 */
export interface GetJobResponse__Output {
  /**
   * The job.
   */
  'job': (_fpnas_v1_Job__Output | null);
}
