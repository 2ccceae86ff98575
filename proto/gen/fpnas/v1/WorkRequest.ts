// Original file: proto/fpnas/v1/worker.proto

import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from '../../fpnas/v1/LeaseKey.ts';
import type { Outcome as _fpnas_v1_Outcome, Outcome__Output as _fpnas_v1_Outcome__Output } from '../../fpnas/v1/Outcome.ts';

/**
 * From the worker. Fields that are empty say nothing; one request may carry several. The first request of a stream names every lease that
 * the worker holds (renewals) or owes an outcome of (outcomes): another lease of this worker was lost on its way, and is given to somebody
 * else at once.
 */
export interface WorkRequest {
  /**
   * The id given to Register; needed in the first request of a stream only.
   */
  'workerId'?: (string);
  /**
   * How many more trials the worker could start now, on top of all asked for before and of the leases it holds: the coordinator adds it to the
   * worker's credit and takes one off a lease. 0 to 1024.
   */
  'wantLeases'?: (number);
  /**
   * Leases to renew: all that the worker still works on.
   */
  'renewals'?: (_fpnas_v1_LeaseKey)[];
  /**
   * Ended evaluations. Kept by the worker, and sent again on the next stream, until acknowledged.
   */
  'outcomes'?: (_fpnas_v1_Outcome)[];
}

/**
 * From the worker. Fields that are empty say nothing; one request may carry several. The first request of a stream names every lease that
 * the worker holds (renewals) or owes an outcome of (outcomes): another lease of this worker was lost on its way, and is given to somebody
 * else at once.
 */
export interface WorkRequest__Output {
  /**
   * The id given to Register; needed in the first request of a stream only.
   */
  'workerId': (string);
  /**
   * How many more trials the worker could start now, on top of all asked for before and of the leases it holds: the coordinator adds it to the
   * worker's credit and takes one off a lease. 0 to 1024.
   */
  'wantLeases': (number);
  /**
   * Leases to renew: all that the worker still works on.
   */
  'renewals': (_fpnas_v1_LeaseKey__Output)[];
  /**
   * Ended evaluations. Kept by the worker, and sent again on the next stream, until acknowledged.
   */
  'outcomes': (_fpnas_v1_Outcome__Output)[];
}
