// Original file: proto/fpnas/v1/search.proto

import type { Job as _fpnas_v1_Job, Job__Output as _fpnas_v1_Job__Output } from '../../fpnas/v1/Job.ts';

/**
 * The resumed job.
 */
export interface ResumeJobResponse {
  /**
   * The job.
   */
  'job'?: (_fpnas_v1_Job | null);
}

/**
 * The resumed job.
 */
export interface ResumeJobResponse__Output {
  /**
   * The job.
   */
  'job': (_fpnas_v1_Job__Output | null);
}
