// Original file: proto/fpnas/v1/search.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One event.
 */
export interface JobLogEvent {
  /**
   * Its number within the job, from 1.
   */
  'seq'?: (number | string | Long);
  /**
   * As it is stored: JSON.
   */
  'json'?: (string);
}

/**
 * One event.
 */
export interface JobLogEvent__Output {
  /**
   * Its number within the job, from 1.
   */
  'seq': (number);
  /**
   * As it is stored: JSON.
   */
  'json': (string);
}
