// Original file: proto/fpnas/v1/weights.proto


// Original file: proto/fpnas/v1/weights.proto

/**
 * What became of an update.
 */
export const _fpnas_v1_PutUpdateResponse_Verdict = {
  /**
   * Never sent.
   */
  VERDICT_UNSPECIFIED: 'VERDICT_UNSPECIFIED',
  /**
   * It is durable; it takes effect once the trial's outcome names it.
   */
  VERDICT_STORED: 'VERDICT_STORED',
  /**
   * The lease is no longer (or never was) this worker's: nothing was stored.
   */
  VERDICT_STALE: 'VERDICT_STALE',
} as const;

/**
 * What became of an update.
 */
export type _fpnas_v1_PutUpdateResponse_Verdict =
  /**
   * Never sent.
   */
  | 'VERDICT_UNSPECIFIED'
  | 0
  /**
   * It is durable; it takes effect once the trial's outcome names it.
   */
  | 'VERDICT_STORED'
  | 1
  /**
   * The lease is no longer (or never was) this worker's: nothing was stored.
   */
  | 'VERDICT_STALE'
  | 2

/**
 * What became of an update.
 */
export type _fpnas_v1_PutUpdateResponse_Verdict__Output = typeof _fpnas_v1_PutUpdateResponse_Verdict[keyof typeof _fpnas_v1_PutUpdateResponse_Verdict]

/**
 * What became of an update.
 */
export interface PutUpdateResponse {
  /**
   * What became of it.
   */
  'verdict'?: (_fpnas_v1_PutUpdateResponse_Verdict);
}

/**
 * What became of an update.
 */
export interface PutUpdateResponse__Output {
  /**
   * What became of it.
   */
  'verdict': (_fpnas_v1_PutUpdateResponse_Verdict__Output);
}
