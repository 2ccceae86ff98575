// Original file: proto/fpnas/v1/search.proto

import type { JobLogHead as _fpnas_v1_JobLogHead, JobLogHead__Output as _fpnas_v1_JobLogHead__Output } from '../../fpnas/v1/JobLogHead.ts';
import type { JobLogPage as _fpnas_v1_JobLogPage, JobLogPage__Output as _fpnas_v1_JobLogPage__Output } from '../../fpnas/v1/JobLogPage.ts';

/**
 * A piece of the log.
 */
export interface ReadJobLogResponse {
  /**
   * The first piece.
   */
  'head'?: (_fpnas_v1_JobLogHead | null);
  /**
   * All others.
   */
  'page'?: (_fpnas_v1_JobLogPage | null);
  /**
   * Exactly one is set.
   */
  'part'?: "head"|"page";
}

/**
 * A piece of the log.
 */
export interface ReadJobLogResponse__Output {
  /**
   * The first piece.
   */
  'head'?: (_fpnas_v1_JobLogHead__Output | null);
  /**
   * All others.
   */
  'page'?: (_fpnas_v1_JobLogPage__Output | null);
  /**
   * Exactly one is set.
   */
  'part'?: "head"|"page";
}
