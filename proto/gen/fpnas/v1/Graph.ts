// Original file: proto/fpnas/v1/network.proto

import type { Shape as _fpnas_v1_Shape, Shape__Output as _fpnas_v1_Shape__Output } from '../../fpnas/v1/Shape.ts';
import type { Layer as _fpnas_v1_Layer, Layer__Output as _fpnas_v1_Layer__Output } from '../../fpnas/v1/Layer.ts';

/**
 * A feed-forward network: layers applied one after the other to one input.
 */
export interface Graph {
  /**
   * Shape of one example. Required.
   */
  'input'?: (_fpnas_v1_Shape | null);
  /**
   * Layers in order of application. Never empty; the last one yields one logit a class.
   */
  'layers'?: (_fpnas_v1_Layer)[];
}

/**
 * A feed-forward network: layers applied one after the other to one input.
 */
export interface Graph__Output {
  /**
   * Shape of one example. Required.
   */
  'input': (_fpnas_v1_Shape__Output | null);
  /**
   * Layers in order of application. Never empty; the last one yields one logit a class.
   */
  'layers': (_fpnas_v1_Layer__Output)[];
}
