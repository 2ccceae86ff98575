// Original file: proto/fpnas/v1/worker.proto

import type { Lease as _fpnas_v1_Lease, Lease__Output as _fpnas_v1_Lease__Output } from '../../fpnas/v1/Lease.ts';
import type { OutcomeAck as _fpnas_v1_OutcomeAck, OutcomeAck__Output as _fpnas_v1_OutcomeAck__Output } from '../../fpnas/v1/OutcomeAck.ts';
import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from '../../fpnas/v1/LeaseKey.ts';

/**
 * From the coordinator. Fields that are empty say nothing.
 */
export interface WorkResponse {
  /**
   * Trials to evaluate.
   */
  'leases'?: (_fpnas_v1_Lease)[];
  /**
   * One for each outcome received, after its effect is durable.
   */
  'acks'?: (_fpnas_v1_OutcomeAck)[];
  /**
   * Leases that the worker must drop at once and report nothing of: cancelled, or given to another.
   */
  'revoked'?: (_fpnas_v1_LeaseKey)[];
}

/**
 * From the coordinator. Fields that are empty say nothing.
 */
export interface WorkResponse__Output {
  /**
   * Trials to evaluate.
   */
  'leases': (_fpnas_v1_Lease__Output)[];
  /**
   * One for each outcome received, after its effect is durable.
   */
  'acks': (_fpnas_v1_OutcomeAck__Output)[];
  /**
   * Leases that the worker must drop at once and report nothing of: cancelled, or given to another.
   */
  'revoked': (_fpnas_v1_LeaseKey__Output)[];
}
