// Original file: proto/fpnas/v1/search.proto

import type { JobLogEvent as _fpnas_v1_JobLogEvent, JobLogEvent__Output as _fpnas_v1_JobLogEvent__Output } from '../../fpnas/v1/JobLogEvent.ts';

/**
 * Some events.
 */
export interface JobLogPage {
  /**
   * In order. At least one.
   */
  'events'?: (_fpnas_v1_JobLogEvent)[];
}

/**
 * Some events.
 */
export interface JobLogPage__Output {
  /**
   * In order. At least one.
   */
  'events': (_fpnas_v1_JobLogEvent__Output)[];
}
