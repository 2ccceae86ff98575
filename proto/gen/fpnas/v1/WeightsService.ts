// Original file: proto/fpnas/v1/weights.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { FetchWeightsRequest as _fpnas_v1_FetchWeightsRequest, FetchWeightsRequest__Output as _fpnas_v1_FetchWeightsRequest__Output } from '../../fpnas/v1/FetchWeightsRequest.ts';
import type { FetchWeightsResponse as _fpnas_v1_FetchWeightsResponse, FetchWeightsResponse__Output as _fpnas_v1_FetchWeightsResponse__Output } from '../../fpnas/v1/FetchWeightsResponse.ts';
import type { PutUpdateRequest as _fpnas_v1_PutUpdateRequest, PutUpdateRequest__Output as _fpnas_v1_PutUpdateRequest__Output } from '../../fpnas/v1/PutUpdateRequest.ts';
import type { PutUpdateResponse as _fpnas_v1_PutUpdateResponse, PutUpdateResponse__Output as _fpnas_v1_PutUpdateResponse__Output } from '../../fpnas/v1/PutUpdateResponse.ts';

/**
 * Served by the leading coordinator to workers.
 */
export interface WeightsServiceClient extends grpc.Client {
  /**
   * Sends slices of one version, one after the other in the order asked for, each row-major in the precision asked for, little-endian, in
   * chunks that follow the caller's pace. NOT_FOUND where the job has no such version (any more), INVALID_ARGUMENT for a tensor that it has not or a
   * slice that is larger, RESOURCE_EXHAUSTED where too much is going out altogether.
   */
  FetchWeights(argument: _fpnas_v1_FetchWeightsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_FetchWeightsResponse__Output>;
  FetchWeights(argument: _fpnas_v1_FetchWeightsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_FetchWeightsResponse__Output>;
  /**
   * Sends slices of one version, one after the other in the order asked for, each row-major in the precision asked for, little-endian, in
   * chunks that follow the caller's pace. NOT_FOUND where the job has no such version (any more), INVALID_ARGUMENT for a tensor that it has not or a
   * slice that is larger, RESOURCE_EXHAUSTED where too much is going out altogether.
   */
  fetchWeights(argument: _fpnas_v1_FetchWeightsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_FetchWeightsResponse__Output>;
  fetchWeights(argument: _fpnas_v1_FetchWeightsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_FetchWeightsResponse__Output>;
  
  /**
   * Stores what a trial under lease would change: the header, then the bytes in chunks in order. Answered when it is durable. Where the
   * lease is no longer valid, the answer comes as soon as that is known, and nothing is stored. INVALID_ARGUMENT for bytes that do not
   * match the header; RESOURCE_EXHAUSTED where too much is coming in altogether.
   */
  PutUpdate(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PutUpdateResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutUpdateRequest>;
  PutUpdate(metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_PutUpdateResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutUpdateRequest>;
  PutUpdate(options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PutUpdateResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutUpdateRequest>;
  PutUpdate(callback: grpc.requestCallback<_fpnas_v1_PutUpdateResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutUpdateRequest>;
  /**
   * Stores what a trial under lease would change: the header, then the bytes in chunks in order. Answered when it is durable. Where the
   * lease is no longer valid, the answer comes as soon as that is known, and nothing is stored. INVALID_ARGUMENT for bytes that do not
   * match the header; RESOURCE_EXHAUSTED where too much is coming in altogether.
   */
  putUpdate(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PutUpdateResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutUpdateRequest>;
  putUpdate(metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_PutUpdateResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutUpdateRequest>;
  putUpdate(options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PutUpdateResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutUpdateRequest>;
  putUpdate(callback: grpc.requestCallback<_fpnas_v1_PutUpdateResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutUpdateRequest>;
  
}

/**
 * Served by the leading coordinator to workers.
 */
export interface WeightsServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Sends slices of one version, one after the other in the order asked for, each row-major in the precision asked for, little-endian, in
   * chunks that follow the caller's pace. NOT_FOUND where the job has no such version (any more), INVALID_ARGUMENT for a tensor that it has not or a
   * slice that is larger, RESOURCE_EXHAUSTED where too much is going out altogether.
   */
  FetchWeights: grpc.handleServerStreamingCall<_fpnas_v1_FetchWeightsRequest__Output, _fpnas_v1_FetchWeightsResponse>;
  
  /**
   * Stores what a trial under lease would change: the header, then the bytes in chunks in order. Answered when it is durable. Where the
   * lease is no longer valid, the answer comes as soon as that is known, and nothing is stored. INVALID_ARGUMENT for bytes that do not
   * match the header; RESOURCE_EXHAUSTED where too much is coming in altogether.
   */
  PutUpdate: grpc.handleClientStreamingCall<_fpnas_v1_PutUpdateRequest__Output, _fpnas_v1_PutUpdateResponse>;
  
}

export interface WeightsServiceDefinition extends grpc.ServiceDefinition {
  FetchWeights: MethodDefinition<_fpnas_v1_FetchWeightsRequest, _fpnas_v1_FetchWeightsResponse, _fpnas_v1_FetchWeightsRequest__Output, _fpnas_v1_FetchWeightsResponse__Output>
  PutUpdate: MethodDefinition<_fpnas_v1_PutUpdateRequest, _fpnas_v1_PutUpdateResponse, _fpnas_v1_PutUpdateRequest__Output, _fpnas_v1_PutUpdateResponse__Output>
}
