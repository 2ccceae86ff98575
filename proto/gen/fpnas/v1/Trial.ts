// Original file: proto/fpnas/v1/search.proto

import type { Network as _fpnas_v1_Network, Network__Output as _fpnas_v1_Network__Output } from '../../fpnas/v1/Network.ts';
import type { Measurement as _fpnas_v1_Measurement, Measurement__Output as _fpnas_v1_Measurement__Output } from '../../fpnas/v1/Measurement.ts';
import type { FailureReason as _fpnas_v1_FailureReason, FailureReason__Output as _fpnas_v1_FailureReason__Output } from '../../fpnas/v1/FailureReason.ts';
import type { AttemptCounts as _fpnas_v1_AttemptCounts, AttemptCounts__Output as _fpnas_v1_AttemptCounts__Output } from '../../fpnas/v1/AttemptCounts.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/fpnas/v1/search.proto

/**
 * What a trial is for.
 */
export const _fpnas_v1_Trial_Role = {
  /**
   * Never sent.
   */
  ROLE_UNSPECIFIED: 'ROLE_UNSPECIFIED',
  /**
   * Its reward is learned from.
   */
  ROLE_SEARCH: 'ROLE_SEARCH',
  /**
   * Final training of the answer.
   */
  ROLE_FINAL_ANSWER: 'ROLE_FINAL_ANSWER',
  /**
   * Final training of a random network, to compare with.
   */
  ROLE_FINAL_RANDOM: 'ROLE_FINAL_RANDOM',
  /**
   * Final training of the largest network of the space, to compare with.
   */
  ROLE_FINAL_LARGEST: 'ROLE_FINAL_LARGEST',
  /**
   * One of the networks that the answer of a supernet's search is chosen among: scored by the last version of the shared weights.
   */
  ROLE_FINALIST: 'ROLE_FINALIST',
} as const;

/**
 * What a trial is for.
 */
export type _fpnas_v1_Trial_Role =
  /**
   * Never sent.
   */
  | 'ROLE_UNSPECIFIED'
  | 0
  /**
   * Its reward is learned from.
   */
  | 'ROLE_SEARCH'
  | 1
  /**
   * Final training of the answer.
   */
  | 'ROLE_FINAL_ANSWER'
  | 2
  /**
   * Final training of a random network, to compare with.
   */
  | 'ROLE_FINAL_RANDOM'
  | 3
  /**
   * Final training of the largest network of the space, to compare with.
   */
  | 'ROLE_FINAL_LARGEST'
  | 4
  /**
   * One of the networks that the answer of a supernet's search is chosen among: scored by the last version of the shared weights.
   */
  | 'ROLE_FINALIST'
  | 5

/**
 * What a trial is for.
 */
export type _fpnas_v1_Trial_Role__Output = typeof _fpnas_v1_Trial_Role[keyof typeof _fpnas_v1_Trial_Role]

// Original file: proto/fpnas/v1/search.proto

/**
 * Where a trial stands.
 */
export const _fpnas_v1_Trial_State = {
  /**
   * Never sent.
   */
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * Waits for a worker.
   */
  STATE_PENDING: 'STATE_PENDING',
  /**
   * A worker has it.
   */
  STATE_LEASED: 'STATE_LEASED',
  /**
   * It has a measurement.
   */
  STATE_COMPLETED: 'STATE_COMPLETED',
  /**
   * It failed.
   */
  STATE_FAILED: 'STATE_FAILED',
  /**
   * Its network cannot be evaluated.
   */
  STATE_INFEASIBLE: 'STATE_INFEASIBLE',
  /**
   * Its job ended before it did.
   */
  STATE_CANCELLED: 'STATE_CANCELLED',
} as const;

/**
 * Where a trial stands.
 */
export type _fpnas_v1_Trial_State =
  /**
   * Never sent.
   */
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * Waits for a worker.
   */
  | 'STATE_PENDING'
  | 1
  /**
   * A worker has it.
   */
  | 'STATE_LEASED'
  | 2
  /**
   * It has a measurement.
   */
  | 'STATE_COMPLETED'
  | 3
  /**
   * It failed.
   */
  | 'STATE_FAILED'
  | 4
  /**
   * Its network cannot be evaluated.
   */
  | 'STATE_INFEASIBLE'
  | 5
  /**
   * Its job ended before it did.
   */
  | 'STATE_CANCELLED'
  | 6

/**
 * Where a trial stands.
 */
export type _fpnas_v1_Trial_State__Output = typeof _fpnas_v1_Trial_State[keyof typeof _fpnas_v1_Trial_State]

/**
 * One network evaluated for a job.
 */
export interface Trial {
  /**
   * "projects/{project}/jobs/{job}/trials/{trial}".
   */
  'name'?: (string);
  /**
   * Where it stands.
   */
  'state'?: (_fpnas_v1_Trial_State);
  /**
   * What it is for.
   */
  'role'?: (_fpnas_v1_Trial_Role);
  /**
   * The network.
   */
  'network'?: (_fpnas_v1_Network | null);
  /**
   * Index of the arm for each choice, in the order of the space's choices.
   */
  'arms'?: (number)[];
  /**
   * The round that first drew it, from 1; of a finalist, and of a final training that starts from its slice, the version of the shared
   * weights; 0 for other final trainings.
   */
  'round'?: (number);
  /**
   * Its MACs; 0 where not known.
   */
  'macs'?: (number | string | Long);
  /**
   * Its parameters; 0 where not known.
   */
  'params'?: (number | string | Long);
  /**
   * What was observed, once COMPLETED; else absent.
   */
  'measurement'?: (_fpnas_v1_Measurement | null);
  /**
   * Why it has no measurement, once FAILED or INFEASIBLE.
   */
  'failureReason'?: (_fpnas_v1_FailureReason);
  /**
   * The same for people. May be empty.
   */
  'failureDetail'?: (string);
  /**
   * Leases given so far.
   */
  'attempts'?: (number);
  /**
   * The worker that holds it or held it last; empty before the first lease.
   */
  'workerId'?: (string);
  /**
   * When its last lease was given, in milliseconds since 1970; 0 before.
   */
  'leaseTimeMs'?: (number | string | Long);
  /**
   * When it ended, in milliseconds since 1970; 0 before.
   */
  'endTimeMs'?: (number | string | Long);
  /**
   * The trial of an earlier job whose measurement it took over without a lease, named like this one; empty where there is none.
   */
  'reusedFrom'?: (string);
  /**
   * How its attempts without a measurement ended.
   */
  'endedAttempts'?: (_fpnas_v1_AttemptCounts | null);
}

/**
 * One network evaluated for a job.
 */
export interface Trial__Output {
  /**
   * "projects/{project}/jobs/{job}/trials/{trial}".
   */
  'name': (string);
  /**
   * Where it stands.
   */
  'state': (_fpnas_v1_Trial_State__Output);
  /**
   * What it is for.
   */
  'role': (_fpnas_v1_Trial_Role__Output);
  /**
   * The network.
   */
  'network': (_fpnas_v1_Network__Output | null);
  /**
   * Index of the arm for each choice, in the order of the space's choices.
   */
  'arms': (number)[];
  /**
   * The round that first drew it, from 1; of a finalist, and of a final training that starts from its slice, the version of the shared
   * weights; 0 for other final trainings.
   */
  'round': (number);
  /**
   * Its MACs; 0 where not known.
   */
  'macs': (number);
  /**
   * Its parameters; 0 where not known.
   */
  'params': (number);
  /**
   * What was observed, once COMPLETED; else absent.
   */
  'measurement': (_fpnas_v1_Measurement__Output | null);
  /**
   * Why it has no measurement, once FAILED or INFEASIBLE.
   */
  'failureReason': (_fpnas_v1_FailureReason__Output);
  /**
   * The same for people. May be empty.
   */
  'failureDetail': (string);
  /**
   * Leases given so far.
   */
  'attempts': (number);
  /**
   * The worker that holds it or held it last; empty before the first lease.
   */
  'workerId': (string);
  /**
   * When its last lease was given, in milliseconds since 1970; 0 before.
   */
  'leaseTimeMs': (number);
  /**
   * When it ended, in milliseconds since 1970; 0 before.
   */
  'endTimeMs': (number);
  /**
   * The trial of an earlier job whose measurement it took over without a lease, named like this one; empty where there is none.
   */
  'reusedFrom': (string);
  /**
   * How its attempts without a measurement ended.
   */
  'endedAttempts': (_fpnas_v1_AttemptCounts__Output | null);
}
