// Original file: proto/fpnas/v1/precision.proto

/**
 * How the numbers of weights travel.
 */
export const Precision = {
  /**
   * Read as PRECISION_FLOAT32.
   */
  PRECISION_UNSPECIFIED: 'PRECISION_UNSPECIFIED',
  /**
   * IEEE 754 binary32.
   */
  PRECISION_FLOAT32: 'PRECISION_FLOAT32',
  /**
   * IEEE 754 binary16.
   */
  PRECISION_FLOAT16: 'PRECISION_FLOAT16',
} as const;

/**
 * How the numbers of weights travel.
 */
export type Precision =
  /**
   * Read as PRECISION_FLOAT32.
   */
  | 'PRECISION_UNSPECIFIED'
  | 0
  /**
   * IEEE 754 binary32.
   */
  | 'PRECISION_FLOAT32'
  | 1
  /**
   * IEEE 754 binary16.
   */
  | 'PRECISION_FLOAT16'
  | 2

/**
 * How the numbers of weights travel.
 */
export type Precision__Output = typeof Precision[keyof typeof Precision]
