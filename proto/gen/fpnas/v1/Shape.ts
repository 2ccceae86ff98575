// Original file: proto/fpnas/v1/network.proto


/**
 * Shape of an image-like tensor without its batch dimension.
 */
export interface Shape {
  /**
   * Rows, at least 1.
   */
  'height'?: (number);
  /**
   * Columns, at least 1.
   */
  'width'?: (number);
  /**
   * Channels, at least 1.
   */
  'channels'?: (number);
}

/**
 * Shape of an image-like tensor without its batch dimension.
 */
export interface Shape__Output {
  /**
   * Rows, at least 1.
   */
  'height': (number);
  /**
   * Columns, at least 1.
   */
  'width': (number);
  /**
   * Channels, at least 1.
   */
  'channels': (number);
}
