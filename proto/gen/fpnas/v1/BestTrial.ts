// Original file: proto/fpnas/v1/search.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The best trial so far.
 */
export interface BestTrial {
  /**
   * "projects/{project}/jobs/{job}/trials/{trial}".
   */
  'trial'?: (string);
  /**
   * Its accuracy, 0 to 1.
   */
  'accuracy'?: (number | string);
  /**
   * Its MACs; 0 where not known.
   */
  'macs'?: (number | string | Long);
  /**
   * Its parameters; 0 where not known.
   */
  'params'?: (number | string | Long);
}

/**
 * The best trial so far.
 */
export interface BestTrial__Output {
  /**
   * "projects/{project}/jobs/{job}/trials/{trial}".
   */
  'trial': (string);
  /**
   * Its accuracy, 0 to 1.
   */
  'accuracy': (number);
  /**
   * Its MACs; 0 where not known.
   */
  'macs': (number);
  /**
   * Its parameters; 0 where not known.
   */
  'params': (number);
}
