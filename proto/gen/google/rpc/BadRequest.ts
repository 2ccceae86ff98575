// Original file: proto/google/rpc/error.proto


/**
 * One wrong field.
 */
export interface _google_rpc_BadRequest_FieldViolation {
  /**
   * Path of the field.
   */
  'field'?: (string);
  /**
   * What is wrong and what is allowed.
   */
  'description'?: (string);
}

/**
 * One wrong field.
 */
export interface _google_rpc_BadRequest_FieldViolation__Output {
  /**
   * Path of the field.
   */
  'field': (string);
  /**
   * What is wrong and what is allowed.
   */
  'description': (string);
}

/**
 * Which fields of a request are wrong.
 */
export interface BadRequest {
  /**
   * All of them.
   */
  'fieldViolations'?: (_google_rpc_BadRequest_FieldViolation)[];
}

/**
 * Which fields of a request are wrong.
 */
export interface BadRequest__Output {
  /**
   * All of them.
   */
  'fieldViolations': (_google_rpc_BadRequest_FieldViolation__Output)[];
}
