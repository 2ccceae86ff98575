// Original file: proto/fpnas/v1/search.proto

import type { Job as _fpnas_v1_Job, Job__Output as _fpnas_v1_Job__Output } from '../../fpnas/v1/Job.ts';

/**
 * The job as it stands.
 */
export interface WatchJobResponse {
  /**
   * The job.
   */
  'job'?: (_fpnas_v1_Job | null);
}

/**
 * The job as it stands.
 */
export interface WatchJobResponse__Output {
  /**
   * The job.
   */
  'job': (_fpnas_v1_Job__Output | null);
}
