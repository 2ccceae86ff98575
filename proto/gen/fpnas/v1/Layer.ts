// Original file: proto/fpnas/v1/network.proto

import type { Conv as _fpnas_v1_Conv, Conv__Output as _fpnas_v1_Conv__Output } from '../../fpnas/v1/Conv.ts';
import type { MbConv as _fpnas_v1_MbConv, MbConv__Output as _fpnas_v1_MbConv__Output } from '../../fpnas/v1/MbConv.ts';
import type { GlobalPool as _fpnas_v1_GlobalPool, GlobalPool__Output as _fpnas_v1_GlobalPool__Output } from '../../fpnas/v1/GlobalPool.ts';
import type { Dense as _fpnas_v1_Dense, Dense__Output as _fpnas_v1_Dense__Output } from '../../fpnas/v1/Dense.ts';

/**
 * One layer.
 */
export interface Layer {
  /**
   * Convolution.
   */
  'conv'?: (_fpnas_v1_Conv | null);
  /**
   * Inverted bottleneck.
   */
  'mbconv'?: (_fpnas_v1_MbConv | null);
  /**
   * Mean over all positions: [h, w, c] to [c].
   */
  'globalPool'?: (_fpnas_v1_GlobalPool | null);
  /**
   * Fully connected layer on [c].
   */
  'dense'?: (_fpnas_v1_Dense | null);
  /**
   * In a supernet's job, the name under which the layer's weights are shared: unique within the network, the same in every network that
   * has the layer at this place, empty where nothing is shared or there are no weights. Which tensors of the supernet that means, and which
   * slice of each, weights.proto tells.
   */
  'sharedWeights'?: (string);
  /**
   * Exactly one is set.
   */
  'op'?: "conv"|"mbconv"|"globalPool"|"dense";
}

/**
 * One layer.
 */
export interface Layer__Output {
  /**
   * Convolution.
   */
  'conv'?: (_fpnas_v1_Conv__Output | null);
  /**
   * Inverted bottleneck.
   */
  'mbconv'?: (_fpnas_v1_MbConv__Output | null);
  /**
   * Mean over all positions: [h, w, c] to [c].
   */
  'globalPool'?: (_fpnas_v1_GlobalPool__Output | null);
  /**
   * Fully connected layer on [c].
   */
  'dense'?: (_fpnas_v1_Dense__Output | null);
  /**
   * In a supernet's job, the name under which the layer's weights are shared: unique within the network, the same in every network that
   * has the layer at this place, empty where nothing is shared or there are no weights. Which tensors of the supernet that means, and which
   * slice of each, weights.proto tells.
   */
  'sharedWeights': (string);
  /**
   * Exactly one is set.
   */
  'op'?: "conv"|"mbconv"|"globalPool"|"dense";
}
