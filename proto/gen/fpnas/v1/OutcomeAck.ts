// Original file: proto/fpnas/v1/worker.proto

import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from '../../fpnas/v1/LeaseKey.ts';

// Original file: proto/fpnas/v1/worker.proto

/**
 * What became of an outcome.
 */
export const _fpnas_v1_OutcomeAck_Verdict = {
  /**
   * Never sent.
   */
  VERDICT_UNSPECIFIED: 'VERDICT_UNSPECIFIED',
  /**
   * It took effect, now or at an earlier sending, and is durable.
   */
  VERDICT_ACCEPTED: 'VERDICT_ACCEPTED',
  /**
   * The lease is over, and the trial has ended or was leased again; or there never was such a lease. The outcome had no effect. (One
   * that comes after the lease expired, while the trial still waits, takes effect.)
   */
  VERDICT_STALE: 'VERDICT_STALE',
  /**
   * The outcome is malformed (such as an accuracy outside 0 to 1): it had no effect, and the trial counts as failed (internal).
   */
  VERDICT_REJECTED: 'VERDICT_REJECTED',
} as const;

/**
 * What became of an outcome.
 */
export type _fpnas_v1_OutcomeAck_Verdict =
  /**
   * Never sent.
   */
  | 'VERDICT_UNSPECIFIED'
  | 0
  /**
   * It took effect, now or at an earlier sending, and is durable.
   */
  | 'VERDICT_ACCEPTED'
  | 1
  /**
   * The lease is over, and the trial has ended or was leased again; or there never was such a lease. The outcome had no effect. (One
   * that comes after the lease expired, while the trial still waits, takes effect.)
   */
  | 'VERDICT_STALE'
  | 2
  /**
   * The outcome is malformed (such as an accuracy outside 0 to 1): it had no effect, and the trial counts as failed (internal).
   */
  | 'VERDICT_REJECTED'
  | 3

/**
 * What became of an outcome.
 */
export type _fpnas_v1_OutcomeAck_Verdict__Output = typeof _fpnas_v1_OutcomeAck_Verdict[keyof typeof _fpnas_v1_OutcomeAck_Verdict]

/**
 * The coordinator's answer to an outcome.
 */
export interface OutcomeAck {
  /**
   * Which lease.
   */
  'key'?: (_fpnas_v1_LeaseKey | null);
  /**
   * What became of it.
   */
  'verdict'?: (_fpnas_v1_OutcomeAck_Verdict);
}

/**
 * The coordinator's answer to an outcome.
 */
export interface OutcomeAck__Output {
  /**
   * Which lease.
   */
  'key': (_fpnas_v1_LeaseKey__Output | null);
  /**
   * What became of it.
   */
  'verdict': (_fpnas_v1_OutcomeAck_Verdict__Output);
}
