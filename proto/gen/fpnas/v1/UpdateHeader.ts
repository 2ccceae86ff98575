// Original file: proto/fpnas/v1/weights.proto

import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from '../../fpnas/v1/LeaseKey.ts';
import type { WeightsSlice as _fpnas_v1_WeightsSlice, WeightsSlice__Output as _fpnas_v1_WeightsSlice__Output } from '../../fpnas/v1/WeightsSlice.ts';
import type { Precision as _fpnas_v1_Precision, Precision__Output as _fpnas_v1_Precision__Output } from '../../fpnas/v1/Precision.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Whose update comes, and what it is. Its bytes are the changes of the slices, after minus before, laid out as FetchWeights does.
 */
export interface UpdateHeader {
  /**
   * The id given to Register.
   */
  'workerId'?: (string);
  /**
   * The lease under which it was made.
   */
  'key'?: (_fpnas_v1_LeaseKey | null);
  /**
   * The version that it was made from.
   */
  'version'?: (number | string | Long);
  /**
   * Those of the trial's network, in the network's order.
   */
  'slices'?: (_fpnas_v1_WeightsSlice)[];
  /**
   * Of the bytes.
   */
  'precision'?: (_fpnas_v1_Precision);
  /**
   * SHA-256 of the bytes: 64 lower-case hexadecimal digits.
   */
  'sha256'?: (string);
}

/**
 * Whose update comes, and what it is. Its bytes are the changes of the slices, after minus before, laid out as FetchWeights does.
 */
export interface UpdateHeader__Output {
  /**
   * The id given to Register.
   */
  'workerId': (string);
  /**
   * The lease under which it was made.
   */
  'key': (_fpnas_v1_LeaseKey__Output | null);
  /**
   * The version that it was made from.
   */
  'version': (number);
  /**
   * Those of the trial's network, in the network's order.
   */
  'slices': (_fpnas_v1_WeightsSlice__Output)[];
  /**
   * Of the bytes.
   */
  'precision': (_fpnas_v1_Precision__Output);
  /**
   * SHA-256 of the bytes: 64 lower-case hexadecimal digits.
   */
  'sha256': (string);
}
