// Original file: proto/fpnas/v1/weights.proto

import type { WeightsSlice as _fpnas_v1_WeightsSlice, WeightsSlice__Output as _fpnas_v1_WeightsSlice__Output } from '../../fpnas/v1/WeightsSlice.ts';
import type { Precision as _fpnas_v1_Precision, Precision__Output as _fpnas_v1_Precision__Output } from '../../fpnas/v1/Precision.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What to send.
 */
export interface FetchWeightsRequest {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'job'?: (string);
  /**
   * From 1.
   */
  'version'?: (number | string | Long);
  /**
   * At least one, no tensor twice.
   */
  'slices'?: (_fpnas_v1_WeightsSlice)[];
  /**
   * Of what is sent.
   */
  'precision'?: (_fpnas_v1_Precision);
}

/**
 * What to send.
 */
export interface FetchWeightsRequest__Output {
  /**
   * "projects/{project}/jobs/{job}".
   */
  'job': (string);
  /**
   * From 1.
   */
  'version': (number);
  /**
   * At least one, no tensor twice.
   */
  'slices': (_fpnas_v1_WeightsSlice__Output)[];
  /**
   * Of what is sent.
   */
  'precision': (_fpnas_v1_Precision__Output);
}
