// Original file: proto/fpnas/v1/network.proto

import type { Activation as _fpnas_v1_Activation, Activation__Output as _fpnas_v1_Activation__Output } from '../../fpnas/v1/Activation.ts';

/**
 * 2-D convolution without bias, optional batch normalization, activation. Zero padding of kernel / 2 (rounded down) on every side.
 */
export interface Conv {
  /**
   * Output channels, at least 1.
   */
  'outChannels'?: (number);
  /**
   * Side of the square kernel: odd, at least 1.
   */
  'kernel'?: (number);
  /**
   * Step in both directions, at least 1.
   */
  'stride'?: (number);
  /**
   * Whether batch normalization (scale and shift per channel) follows.
   */
  'batchNorm'?: (boolean);
  /**
   * What follows the normalization.
   */
  'activation'?: (_fpnas_v1_Activation);
}

/**
 * 2-D convolution without bias, optional batch normalization, activation. Zero padding of kernel / 2 (rounded down) on every side.
 */
export interface Conv__Output {
  /**
   * Output channels, at least 1.
   */
  'outChannels': (number);
  /**
   * Side of the square kernel: odd, at least 1.
   */
  'kernel': (number);
  /**
   * Step in both directions, at least 1.
   */
  'stride': (number);
  /**
   * Whether batch normalization (scale and shift per channel) follows.
   */
  'batchNorm': (boolean);
  /**
   * What follows the normalization.
   */
  'activation': (_fpnas_v1_Activation__Output);
}
