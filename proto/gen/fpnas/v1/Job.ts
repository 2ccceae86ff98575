// Original file: proto/fpnas/v1/search.proto

import type { Progress as _fpnas_v1_Progress, Progress__Output as _fpnas_v1_Progress__Output } from '../../fpnas/v1/Progress.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/fpnas/v1/search.proto

/**
 * Where a job stands.
 */
export const _fpnas_v1_Job_State = {
  /**
   * Never sent.
   */
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * Its trials are leased to workers.
   */
  STATE_RUNNING: 'STATE_RUNNING',
  /**
   * It was paused.
   */
  STATE_PAUSED: 'STATE_PAUSED',
  /**
   * It has a result.
   */
  STATE_SUCCEEDED: 'STATE_SUCCEEDED',
  /**
   * It ended without a result; error says why.
   */
  STATE_FAILED: 'STATE_FAILED',
  /**
   * It was cancelled.
   */
  STATE_CANCELLED: 'STATE_CANCELLED',
} as const;

/**
 * Where a job stands.
 */
export type _fpnas_v1_Job_State =
  /**
   * Never sent.
   */
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * Its trials are leased to workers.
   */
  | 'STATE_RUNNING'
  | 1
  /**
   * It was paused.
   */
  | 'STATE_PAUSED'
  | 2
  /**
   * It has a result.
   */
  | 'STATE_SUCCEEDED'
  | 3
  /**
   * It ended without a result; error says why.
   */
  | 'STATE_FAILED'
  | 4
  /**
   * It was cancelled.
   */
  | 'STATE_CANCELLED'
  | 5

/**
 * Where a job stands.
 */
export type _fpnas_v1_Job_State__Output = typeof _fpnas_v1_Job_State[keyof typeof _fpnas_v1_Job_State]

/**
 * One search.
 */
export interface Job {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name'?: (string);
  /**
   * Where it stands.
   */
  'state'?: (_fpnas_v1_Job_State);
  /**
   * The spec as accepted: JSON with every default filled in.
   */
  'specJson'?: (string);
  /**
   * When it was created, in milliseconds since 1970.
   */
  'createTimeMs'?: (number | string | Long);
  /**
   * When it ended, in milliseconds since 1970; 0 while it has not.
   */
  'endTimeMs'?: (number | string | Long);
  /**
   * The result as JSON (docs/result.md), once SUCCEEDED; else empty.
   */
  'resultJson'?: (string);
  /**
   * Why it FAILED; else empty.
   */
  'error'?: (string);
  /**
   * How far it is.
   */
  'progress'?: (_fpnas_v1_Progress | null);
}

/**
 * One search.
 */
export interface Job__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'name': (string);
  /**
   * Where it stands.
   */
  'state': (_fpnas_v1_Job_State__Output);
  /**
   * The spec as accepted: JSON with every default filled in.
   */
  'specJson': (string);
  /**
   * When it was created, in milliseconds since 1970.
   */
  'createTimeMs': (number);
  /**
   * When it ended, in milliseconds since 1970; 0 while it has not.
   */
  'endTimeMs': (number);
  /**
   * The result as JSON (docs/result.md), once SUCCEEDED; else empty.
   */
  'resultJson': (string);
  /**
   * Why it FAILED; else empty.
   */
  'error': (string);
  /**
   * How far it is.
   */
  'progress': (_fpnas_v1_Progress__Output | null);
}
