// Original file: proto/fpnas/v1/search.proto

import type { Round as _fpnas_v1_Round, Round__Output as _fpnas_v1_Round__Output } from '../../fpnas/v1/Round.ts';

/**
 * A page of rounds.
 */
export interface ListRoundsResponse {
  /**
   * In order. May be empty.
   */
  'rounds'?: (_fpnas_v1_Round)[];
  /**
   * For the next page; empty after the last.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of rounds.
 */
export interface ListRoundsResponse__Output {
  /**
   * In order. May be empty.
   */
  'rounds': (_fpnas_v1_Round__Output)[];
  /**
   * For the next page; empty after the last.
   */
  'nextPageToken': (string);
}
