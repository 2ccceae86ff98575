// Original file: proto/fpnas/v1/search.proto

import type { Job as _fpnas_v1_Job, Job__Output as _fpnas_v1_Job__Output } from '../../fpnas/v1/Job.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What a replay starts from, and what it should come to.
 */
export interface JobLogHead {
  /**
   * The job.
   */
  'job'?: (_fpnas_v1_Job | null);
  /**
   * Files that the spec names: the path as written in the spec, to the SHA-256 of its bytes. May be empty.
   */
  'files'?: ({[key: string]: string});
  /**
   * The last event that is in the snapshot; 0 where there is no snapshot.
   */
  'snapshotSeq'?: (number | string | Long);
  /**
   * The state of the search after that event, as it is stored; empty where there is no snapshot.
   */
  'snapshotJson'?: (string);
}

/**
 * What a replay starts from, and what it should come to.
 */
export interface JobLogHead__Output {
  /**
   * The job.
   */
  'job': (_fpnas_v1_Job__Output | null);
  /**
   * Files that the spec names: the path as written in the spec, to the SHA-256 of its bytes. May be empty.
   */
  'files': ({[key: string]: string});
  /**
   * The last event that is in the snapshot; 0 where there is no snapshot.
   */
  'snapshotSeq': (number);
  /**
   * The state of the search after that event, as it is stored; empty where there is no snapshot.
   */
  'snapshotJson': (string);
}
