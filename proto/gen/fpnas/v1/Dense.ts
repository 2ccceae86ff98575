// Original file: proto/fpnas/v1/network.proto

import type { Activation as _fpnas_v1_Activation, Activation__Output as _fpnas_v1_Activation__Output } from '../../fpnas/v1/Activation.ts';

/**
 * Fully connected layer.
 */
export interface Dense {
  /**
   * Output features, at least 1; for the last layer the number of classes.
   */
  'units'?: (number);
  /**
   * Whether a bias is added.
   */
  'bias'?: (boolean);
  /**
   * What follows.
   */
  'activation'?: (_fpnas_v1_Activation);
}

/**
 * Fully connected layer.
 */
export interface Dense__Output {
  /**
   * Output features, at least 1; for the last layer the number of classes.
   */
  'units': (number);
  /**
   * Whether a bias is added.
   */
  'bias': (boolean);
  /**
   * What follows.
   */
  'activation': (_fpnas_v1_Activation__Output);
}
