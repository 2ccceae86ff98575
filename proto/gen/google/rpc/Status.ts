// Original file: proto/google/rpc/error.proto

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from '../../google/protobuf/Any.ts';

/**
 * The error as a whole.
 */
export interface Status {
  /**
   * A gRPC status code.
   */
  'code'?: (number);
  /**
   * For developers, in English.
   */
  'message'?: (string);
  /**
   * ErrorInfo, and BadRequest where fields are to blame.
   */
  'details'?: (_google_protobuf_Any)[];
}

/**
 * The error as a whole.
 */
export interface Status__Output {
  /**
   * A gRPC status code.
   */
  'code': (number);
  /**
   * For developers, in English.
   */
  'message': (string);
  /**
   * ErrorInfo, and BadRequest where fields are to blame.
   */
  'details': (_google_protobuf_Any__Output)[];
}
