// Original file: proto/fpnas/v1/worker.proto


// Original file: proto/fpnas/v1/worker.proto

/**
 * What became of a checkpoint.
 */
export const _fpnas_v1_PutCheckpointResponse_Verdict = {
  /**
   * Never sent.
   */
  VERDICT_UNSPECIFIED: 'VERDICT_UNSPECIFIED',
  /**
   * It is durable. A checkpoint is given to the trial's next attempt; weights are kept once the trial's outcome names them, and dropped
   * where the trial ends without.
   */
  VERDICT_STORED: 'VERDICT_STORED',
  /**
   * The lease is no longer (or never was) this worker's: nothing was stored.
   */
  VERDICT_STALE: 'VERDICT_STALE',
} as const;

/**
 * What became of a checkpoint.
 */
export type _fpnas_v1_PutCheckpointResponse_Verdict =
  /**
   * Never sent.
   */
  | 'VERDICT_UNSPECIFIED'
  | 0
  /**
   * It is durable. A checkpoint is given to the trial's next attempt; weights are kept once the trial's outcome names them, and dropped
   * where the trial ends without.
   */
  | 'VERDICT_STORED'
  | 1
  /**
   * The lease is no longer (or never was) this worker's: nothing was stored.
   */
  | 'VERDICT_STALE'
  | 2

/**
 * What became of a checkpoint.
 */
export type _fpnas_v1_PutCheckpointResponse_Verdict__Output = typeof _fpnas_v1_PutCheckpointResponse_Verdict[keyof typeof _fpnas_v1_PutCheckpointResponse_Verdict]

/**
 * What became of a checkpoint.
 */
export interface PutCheckpointResponse {
  /**
   * What became of it.
   */
  'verdict'?: (_fpnas_v1_PutCheckpointResponse_Verdict);
}

/**
 * What became of a checkpoint.
 */
export interface PutCheckpointResponse__Output {
  /**
   * What became of it.
   */
  'verdict': (_fpnas_v1_PutCheckpointResponse_Verdict__Output);
}
