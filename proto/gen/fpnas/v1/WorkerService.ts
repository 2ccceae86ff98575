// Original file: proto/fpnas/v1/worker.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { FetchFileRequest as _fpnas_v1_FetchFileRequest, FetchFileRequest__Output as _fpnas_v1_FetchFileRequest__Output } from '../../fpnas/v1/FetchFileRequest.ts';
import type { FetchFileResponse as _fpnas_v1_FetchFileResponse, FetchFileResponse__Output as _fpnas_v1_FetchFileResponse__Output } from '../../fpnas/v1/FetchFileResponse.ts';
import type { PutCheckpointRequest as _fpnas_v1_PutCheckpointRequest, PutCheckpointRequest__Output as _fpnas_v1_PutCheckpointRequest__Output } from '../../fpnas/v1/PutCheckpointRequest.ts';
import type { PutCheckpointResponse as _fpnas_v1_PutCheckpointResponse, PutCheckpointResponse__Output as _fpnas_v1_PutCheckpointResponse__Output } from '../../fpnas/v1/PutCheckpointResponse.ts';
import type { RegisterRequest as _fpnas_v1_RegisterRequest, RegisterRequest__Output as _fpnas_v1_RegisterRequest__Output } from '../../fpnas/v1/RegisterRequest.ts';
import type { RegisterResponse as _fpnas_v1_RegisterResponse, RegisterResponse__Output as _fpnas_v1_RegisterResponse__Output } from '../../fpnas/v1/RegisterResponse.ts';
import type { WorkRequest as _fpnas_v1_WorkRequest, WorkRequest__Output as _fpnas_v1_WorkRequest__Output } from '../../fpnas/v1/WorkRequest.ts';
import type { WorkResponse as _fpnas_v1_WorkResponse, WorkResponse__Output as _fpnas_v1_WorkResponse__Output } from '../../fpnas/v1/WorkResponse.ts';

/**
 * Served by the coordinator to workers. A worker knows networks and evaluations, and nothing of searches. Of several coordinators on one
 * store, one leads; the others answer Register and Work with UNAVAILABLE and an ErrorInfo NOT_LEADER, whose metadata names the `leader`'s
 * HOST:PORT where one is known. The worker goes there, and on from one coordinator that it was given to the next when a call fails.
 */
export interface WorkerServiceClient extends grpc.Client {
  /**
   * Sends a file of a job (a table) or a trial's checkpoint by its hash, in chunks in order, each read when the caller takes it.
   * NOT_FOUND where no job brought it and no open trial has it.
   */
  FetchFile(argument: _fpnas_v1_FetchFileRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_FetchFileResponse__Output>;
  FetchFile(argument: _fpnas_v1_FetchFileRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_FetchFileResponse__Output>;
  /**
   * Sends a file of a job (a table) or a trial's checkpoint by its hash, in chunks in order, each read when the caller takes it.
   * NOT_FOUND where no job brought it and no open trial has it.
   */
  fetchFile(argument: _fpnas_v1_FetchFileRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_FetchFileResponse__Output>;
  fetchFile(argument: _fpnas_v1_FetchFileRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_FetchFileResponse__Output>;
  
  /**
   * Stores a checkpoint of a trial under lease, for the trial's next attempt: the header, then the bytes in chunks in order. Answered when it
   * is durable; it then replaces the trial's checkpoint before it, and lasts until the trial ends. Where the lease is no longer valid, the
   * answer comes as soon as that is known, and nothing is stored. INVALID_ARGUMENT for bytes that do not match the header;
   * RESOURCE_EXHAUSTED above 256 MiB, while another checkpoint of the lease is coming in, and where too much is coming in altogether. A
   * checkpoint is never owed: a worker whose upload fails goes on, and sends the next one when that is due.
   * In the same way it stores the weights that a trial has trained, beside the trial's checkpoint: these are owed, before the measurement that
   * names them.
   */
  PutCheckpoint(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PutCheckpointResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutCheckpointRequest>;
  PutCheckpoint(metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_PutCheckpointResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutCheckpointRequest>;
  PutCheckpoint(options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PutCheckpointResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutCheckpointRequest>;
  PutCheckpoint(callback: grpc.requestCallback<_fpnas_v1_PutCheckpointResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutCheckpointRequest>;
  /**
   * Stores a checkpoint of a trial under lease, for the trial's next attempt: the header, then the bytes in chunks in order. Answered when it
   * is durable; it then replaces the trial's checkpoint before it, and lasts until the trial ends. Where the lease is no longer valid, the
   * answer comes as soon as that is known, and nothing is stored. INVALID_ARGUMENT for bytes that do not match the header;
   * RESOURCE_EXHAUSTED above 256 MiB, while another checkpoint of the lease is coming in, and where too much is coming in altogether. A
   * checkpoint is never owed: a worker whose upload fails goes on, and sends the next one when that is due.
   * In the same way it stores the weights that a trial has trained, beside the trial's checkpoint: these are owed, before the measurement that
   * names them.
   */
  putCheckpoint(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PutCheckpointResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutCheckpointRequest>;
  putCheckpoint(metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_PutCheckpointResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutCheckpointRequest>;
  putCheckpoint(options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PutCheckpointResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutCheckpointRequest>;
  putCheckpoint(callback: grpc.requestCallback<_fpnas_v1_PutCheckpointResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_PutCheckpointRequest>;
  
  /**
   * Announces a worker and tells it how to behave. Idempotent: the same worker_id may register again at any time.
   */
  Register(argument: _fpnas_v1_RegisterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_RegisterResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _fpnas_v1_RegisterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_RegisterResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _fpnas_v1_RegisterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_RegisterResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _fpnas_v1_RegisterRequest, callback: grpc.requestCallback<_fpnas_v1_RegisterResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Announces a worker and tells it how to behave. Idempotent: the same worker_id may register again at any time.
   */
  register(argument: _fpnas_v1_RegisterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_RegisterResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _fpnas_v1_RegisterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_RegisterResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _fpnas_v1_RegisterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_RegisterResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _fpnas_v1_RegisterRequest, callback: grpc.requestCallback<_fpnas_v1_RegisterResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The one path of trials. The worker opens it after Register and keeps it open; when it breaks, the worker opens a new one and goes
   * on with the leases it holds. Outcomes not yet acknowledged are sent again.
   */
  Work(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fpnas_v1_WorkRequest, _fpnas_v1_WorkResponse__Output>;
  Work(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fpnas_v1_WorkRequest, _fpnas_v1_WorkResponse__Output>;
  /**
   * The one path of trials. The worker opens it after Register and keeps it open; when it breaks, the worker opens a new one and goes
   * on with the leases it holds. Outcomes not yet acknowledged are sent again.
   */
  work(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fpnas_v1_WorkRequest, _fpnas_v1_WorkResponse__Output>;
  work(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fpnas_v1_WorkRequest, _fpnas_v1_WorkResponse__Output>;
  
}

/**
 * Served by the coordinator to workers. A worker knows networks and evaluations, and nothing of searches. Of several coordinators on one
 * store, one leads; the others answer Register and Work with UNAVAILABLE and an ErrorInfo NOT_LEADER, whose metadata names the `leader`'s
 * HOST:PORT where one is known. The worker goes there, and on from one coordinator that it was given to the next when a call fails.
 */
export interface WorkerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Sends a file of a job (a table) or a trial's checkpoint by its hash, in chunks in order, each read when the caller takes it.
   * NOT_FOUND where no job brought it and no open trial has it.
   */
  FetchFile: grpc.handleServerStreamingCall<_fpnas_v1_FetchFileRequest__Output, _fpnas_v1_FetchFileResponse>;
  
  /**
   * Stores a checkpoint of a trial under lease, for the trial's next attempt: the header, then the bytes in chunks in order. Answered when it
   * is durable; it then replaces the trial's checkpoint before it, and lasts until the trial ends. Where the lease is no longer valid, the
   * answer comes as soon as that is known, and nothing is stored. INVALID_ARGUMENT for bytes that do not match the header;
   * RESOURCE_EXHAUSTED above 256 MiB, while another checkpoint of the lease is coming in, and where too much is coming in altogether. A
   * checkpoint is never owed: a worker whose upload fails goes on, and sends the next one when that is due.
   * In the same way it stores the weights that a trial has trained, beside the trial's checkpoint: these are owed, before the measurement that
   * names them.
   */
  PutCheckpoint: grpc.handleClientStreamingCall<_fpnas_v1_PutCheckpointRequest__Output, _fpnas_v1_PutCheckpointResponse>;
  
  /**
   * Announces a worker and tells it how to behave. Idempotent: the same worker_id may register again at any time.
   */
  Register: grpc.handleUnaryCall<_fpnas_v1_RegisterRequest__Output, _fpnas_v1_RegisterResponse>;
  
  /**
   * The one path of trials. The worker opens it after Register and keeps it open; when it breaks, the worker opens a new one and goes
   * on with the leases it holds. Outcomes not yet acknowledged are sent again.
   */
  Work: grpc.handleBidiStreamingCall<_fpnas_v1_WorkRequest__Output, _fpnas_v1_WorkResponse>;
  
}

export interface WorkerServiceDefinition extends grpc.ServiceDefinition {
  FetchFile: MethodDefinition<_fpnas_v1_FetchFileRequest, _fpnas_v1_FetchFileResponse, _fpnas_v1_FetchFileRequest__Output, _fpnas_v1_FetchFileResponse__Output>
  PutCheckpoint: MethodDefinition<_fpnas_v1_PutCheckpointRequest, _fpnas_v1_PutCheckpointResponse, _fpnas_v1_PutCheckpointRequest__Output, _fpnas_v1_PutCheckpointResponse__Output>
  Register: MethodDefinition<_fpnas_v1_RegisterRequest, _fpnas_v1_RegisterResponse, _fpnas_v1_RegisterRequest__Output, _fpnas_v1_RegisterResponse__Output>
  Work: MethodDefinition<_fpnas_v1_WorkRequest, _fpnas_v1_WorkResponse, _fpnas_v1_WorkRequest__Output, _fpnas_v1_WorkResponse__Output>
}
