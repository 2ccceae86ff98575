// Original file: proto/fpnas/v1/search.proto

import type { Trial as _fpnas_v1_Trial, Trial__Output as _fpnas_v1_Trial__Output } from '../../fpnas/v1/Trial.ts';

/**
 * A page of trials.
 */
export interface ListTrialsResponse {
  /**
   * In order of their number. May be empty.
   */
  'trials'?: (_fpnas_v1_Trial)[];
  /**
   * For the next page; empty after the last.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of trials.
 */
export interface ListTrialsResponse__Output {
  /**
   * In order of their number. May be empty.
   */
  'trials': (_fpnas_v1_Trial__Output)[];
  /**
   * For the next page; empty after the last.
   */
  'nextPageToken': (string);
}
