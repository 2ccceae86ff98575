// Original file: proto/fpnas/v1/weights.proto


/**
 * The first so many places of each dimension of a shared tensor.
 */
export interface WeightsSlice {
  /**
   * The tensor's name.
   */
  'tensor'?: (string);
  /**
   * Each at least 1, as many as the tensor has.
   */
  'shape'?: (number)[];
}

/**
 * The first so many places of each dimension of a shared tensor.
 */
export interface WeightsSlice__Output {
  /**
   * The tensor's name.
   */
  'tensor': (string);
  /**
   * Each at least 1, as many as the tensor has.
   */
  'shape': (number)[];
}
