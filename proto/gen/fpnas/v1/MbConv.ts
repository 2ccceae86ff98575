// Original file: proto/fpnas/v1/network.proto

import type { Activation as _fpnas_v1_Activation, Activation__Output as _fpnas_v1_Activation__Output } from '../../fpnas/v1/Activation.ts';

/**
 * Inverted bottleneck of MobileNetV2/V3: 1x1 expansion (left out where mid_channels equals the input's channels), depthwise
 * convolution, optional squeeze-and-excitation, 1x1 projection without activation; the input is added where stride is 1 and the
 * channels stay. Every convolution is without bias and is followed by batch normalization. Zero padding of kernel / 2 on every side.
 */
export interface MbConv {
  /**
   * Channels between expansion and projection, at least 1.
   */
  'midChannels'?: (number);
  /**
   * Output channels, at least 1.
   */
  'outChannels'?: (number);
  /**
   * Side of the depthwise kernel: odd, at least 1.
   */
  'kernel'?: (number);
  /**
   * Step of the depthwise convolution, at least 1.
   */
  'stride'?: (number);
  /**
   * Hidden width of squeeze-and-excitation (two linear layers with bias, ReLU between, sigmoid gate); 0 for none.
   */
  'seChannels'?: (number);
  /**
   * After expansion and depthwise convolution.
   */
  'activation'?: (_fpnas_v1_Activation);
}

/**
 * Inverted bottleneck of MobileNetV2/V3: 1x1 expansion (left out where mid_channels equals the input's channels), depthwise
 * convolution, optional squeeze-and-excitation, 1x1 projection without activation; the input is added where stride is 1 and the
 * channels stay. Every convolution is without bias and is followed by batch normalization. Zero padding of kernel / 2 on every side.
 */
export interface MbConv__Output {
  /**
   * Channels between expansion and projection, at least 1.
   */
  'midChannels': (number);
  /**
   * Output channels, at least 1.
   */
  'outChannels': (number);
  /**
   * Side of the depthwise kernel: odd, at least 1.
   */
  'kernel': (number);
  /**
   * Step of the depthwise convolution, at least 1.
   */
  'stride': (number);
  /**
   * Hidden width of squeeze-and-excitation (two linear layers with bias, ReLU between, sigmoid gate); 0 for none.
   */
  'seChannels': (number);
  /**
   * After expansion and depthwise convolution.
   */
  'activation': (_fpnas_v1_Activation__Output);
}
