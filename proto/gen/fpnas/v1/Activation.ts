// Original file: proto/fpnas/v1/network.proto

/**
 * The non-linearity after a (normalized) linear operation.
 */
export const Activation = {
  /**
   * Not given: read as ACTIVATION_NONE.
   */
  ACTIVATION_UNSPECIFIED: 'ACTIVATION_UNSPECIFIED',
  /**
   * Identity.
   */
  ACTIVATION_NONE: 'ACTIVATION_NONE',
  /**
   * max(x, 0).
   */
  ACTIVATION_RELU: 'ACTIVATION_RELU',
  /**
   * min(max(x, 0), 6).
   */
  ACTIVATION_RELU6: 'ACTIVATION_RELU6',
  /**
   * x * sigmoid(x).
   */
  ACTIVATION_SWISH: 'ACTIVATION_SWISH',
} as const;

/**
 * The non-linearity after a (normalized) linear operation.
 */
export type Activation =
  /**
   * Not given: read as ACTIVATION_NONE.
   */
  | 'ACTIVATION_UNSPECIFIED'
  | 0
  /**
   * Identity.
   */
  | 'ACTIVATION_NONE'
  | 1
  /**
   * max(x, 0).
   */
  | 'ACTIVATION_RELU'
  | 2
  /**
   * min(max(x, 0), 6).
   */
  | 'ACTIVATION_RELU6'
  | 3
  /**
   * x * sigmoid(x).
   */
  | 'ACTIVATION_SWISH'
  | 4

/**
 * The non-linearity after a (normalized) linear operation.
 */
export type Activation__Output = typeof Activation[keyof typeof Activation]
