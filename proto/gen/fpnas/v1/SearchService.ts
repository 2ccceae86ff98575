// Original file: proto/fpnas/v1/search.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelJobRequest as _fpnas_v1_CancelJobRequest, CancelJobRequest__Output as _fpnas_v1_CancelJobRequest__Output } from '../../fpnas/v1/CancelJobRequest.ts';
import type { CancelJobResponse as _fpnas_v1_CancelJobResponse, CancelJobResponse__Output as _fpnas_v1_CancelJobResponse__Output } from '../../fpnas/v1/CancelJobResponse.ts';
import type { CreateJobRequest as _fpnas_v1_CreateJobRequest, CreateJobRequest__Output as _fpnas_v1_CreateJobRequest__Output } from '../../fpnas/v1/CreateJobRequest.ts';
import type { CreateJobResponse as _fpnas_v1_CreateJobResponse, CreateJobResponse__Output as _fpnas_v1_CreateJobResponse__Output } from '../../fpnas/v1/CreateJobResponse.ts';
import type { GetJobRequest as _fpnas_v1_GetJobRequest, GetJobRequest__Output as _fpnas_v1_GetJobRequest__Output } from '../../fpnas/v1/GetJobRequest.ts';
import type { GetJobResponse as _fpnas_v1_GetJobResponse, GetJobResponse__Output as _fpnas_v1_GetJobResponse__Output } from '../../fpnas/v1/GetJobResponse.ts';
import type { ListJobsRequest as _fpnas_v1_ListJobsRequest, ListJobsRequest__Output as _fpnas_v1_ListJobsRequest__Output } from '../../fpnas/v1/ListJobsRequest.ts';
import type { ListJobsResponse as _fpnas_v1_ListJobsResponse, ListJobsResponse__Output as _fpnas_v1_ListJobsResponse__Output } from '../../fpnas/v1/ListJobsResponse.ts';
import type { ListRoundsRequest as _fpnas_v1_ListRoundsRequest, ListRoundsRequest__Output as _fpnas_v1_ListRoundsRequest__Output } from '../../fpnas/v1/ListRoundsRequest.ts';
import type { ListRoundsResponse as _fpnas_v1_ListRoundsResponse, ListRoundsResponse__Output as _fpnas_v1_ListRoundsResponse__Output } from '../../fpnas/v1/ListRoundsResponse.ts';
import type { ListTrialsRequest as _fpnas_v1_ListTrialsRequest, ListTrialsRequest__Output as _fpnas_v1_ListTrialsRequest__Output } from '../../fpnas/v1/ListTrialsRequest.ts';
import type { ListTrialsResponse as _fpnas_v1_ListTrialsResponse, ListTrialsResponse__Output as _fpnas_v1_ListTrialsResponse__Output } from '../../fpnas/v1/ListTrialsResponse.ts';
import type { PauseJobRequest as _fpnas_v1_PauseJobRequest, PauseJobRequest__Output as _fpnas_v1_PauseJobRequest__Output } from '../../fpnas/v1/PauseJobRequest.ts';
import type { PauseJobResponse as _fpnas_v1_PauseJobResponse, PauseJobResponse__Output as _fpnas_v1_PauseJobResponse__Output } from '../../fpnas/v1/PauseJobResponse.ts';
import type { ReadJobLogRequest as _fpnas_v1_ReadJobLogRequest, ReadJobLogRequest__Output as _fpnas_v1_ReadJobLogRequest__Output } from '../../fpnas/v1/ReadJobLogRequest.ts';
import type { ReadJobLogResponse as _fpnas_v1_ReadJobLogResponse, ReadJobLogResponse__Output as _fpnas_v1_ReadJobLogResponse__Output } from '../../fpnas/v1/ReadJobLogResponse.ts';
import type { ResumeJobRequest as _fpnas_v1_ResumeJobRequest, ResumeJobRequest__Output as _fpnas_v1_ResumeJobRequest__Output } from '../../fpnas/v1/ResumeJobRequest.ts';
import type { ResumeJobResponse as _fpnas_v1_ResumeJobResponse, ResumeJobResponse__Output as _fpnas_v1_ResumeJobResponse__Output } from '../../fpnas/v1/ResumeJobResponse.ts';
import type { UploadFileRequest as _fpnas_v1_UploadFileRequest, UploadFileRequest__Output as _fpnas_v1_UploadFileRequest__Output } from '../../fpnas/v1/UploadFileRequest.ts';
import type { UploadFileResponse as _fpnas_v1_UploadFileResponse, UploadFileResponse__Output as _fpnas_v1_UploadFileResponse__Output } from '../../fpnas/v1/UploadFileResponse.ts';
import type { WatchJobRequest as _fpnas_v1_WatchJobRequest, WatchJobRequest__Output as _fpnas_v1_WatchJobRequest__Output } from '../../fpnas/v1/WatchJobRequest.ts';
import type { WatchJobResponse as _fpnas_v1_WatchJobResponse, WatchJobResponse__Output as _fpnas_v1_WatchJobResponse__Output } from '../../fpnas/v1/WatchJobResponse.ts';

/**
 * Served by the coordinator to the CLI, the SDK and the page.
 */
export interface SearchServiceClient extends grpc.Client {
  /**
   * Ends the job now; trials under way are revoked. FAILED_PRECONDITION where it has ended already.
   */
  CancelJob(argument: _fpnas_v1_CancelJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_CancelJobResponse__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _fpnas_v1_CancelJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_CancelJobResponse__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _fpnas_v1_CancelJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_CancelJobResponse__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _fpnas_v1_CancelJobRequest, callback: grpc.requestCallback<_fpnas_v1_CancelJobResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends the job now; trials under way are revoked. FAILED_PRECONDITION where it has ended already.
   */
  cancelJob(argument: _fpnas_v1_CancelJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_CancelJobResponse__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _fpnas_v1_CancelJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_CancelJobResponse__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _fpnas_v1_CancelJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_CancelJobResponse__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _fpnas_v1_CancelJobRequest, callback: grpc.requestCallback<_fpnas_v1_CancelJobResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Submits a job. INVALID_ARGUMENT carries a google.rpc.BadRequest with the field path of each mistake in the spec.
   * FAILED_PRECONDITION where a file that the spec names was not uploaded. ALREADY_EXISTS where job_id is taken.
   */
  CreateJob(argument: _fpnas_v1_CreateJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_CreateJobResponse__Output>): grpc.ClientUnaryCall;
  CreateJob(argument: _fpnas_v1_CreateJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_CreateJobResponse__Output>): grpc.ClientUnaryCall;
  CreateJob(argument: _fpnas_v1_CreateJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_CreateJobResponse__Output>): grpc.ClientUnaryCall;
  CreateJob(argument: _fpnas_v1_CreateJobRequest, callback: grpc.requestCallback<_fpnas_v1_CreateJobResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Submits a job. INVALID_ARGUMENT carries a google.rpc.BadRequest with the field path of each mistake in the spec.
   * FAILED_PRECONDITION where a file that the spec names was not uploaded. ALREADY_EXISTS where job_id is taken.
   */
  createJob(argument: _fpnas_v1_CreateJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_CreateJobResponse__Output>): grpc.ClientUnaryCall;
  createJob(argument: _fpnas_v1_CreateJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_CreateJobResponse__Output>): grpc.ClientUnaryCall;
  createJob(argument: _fpnas_v1_CreateJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_CreateJobResponse__Output>): grpc.ClientUnaryCall;
  createJob(argument: _fpnas_v1_CreateJobRequest, callback: grpc.requestCallback<_fpnas_v1_CreateJobResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * One job. NOT_FOUND.
   */
  GetJob(argument: _fpnas_v1_GetJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_GetJobResponse__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _fpnas_v1_GetJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_GetJobResponse__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _fpnas_v1_GetJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_GetJobResponse__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _fpnas_v1_GetJobRequest, callback: grpc.requestCallback<_fpnas_v1_GetJobResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One job. NOT_FOUND.
   */
  getJob(argument: _fpnas_v1_GetJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_GetJobResponse__Output>): grpc.ClientUnaryCall;
  getJob(argument: _fpnas_v1_GetJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_GetJobResponse__Output>): grpc.ClientUnaryCall;
  getJob(argument: _fpnas_v1_GetJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_GetJobResponse__Output>): grpc.ClientUnaryCall;
  getJob(argument: _fpnas_v1_GetJobRequest, callback: grpc.requestCallback<_fpnas_v1_GetJobResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The jobs of a project, newest first.
   */
  ListJobs(argument: _fpnas_v1_ListJobsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _fpnas_v1_ListJobsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _fpnas_v1_ListJobsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _fpnas_v1_ListJobsRequest, callback: grpc.requestCallback<_fpnas_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The jobs of a project, newest first.
   */
  listJobs(argument: _fpnas_v1_ListJobsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _fpnas_v1_ListJobsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _fpnas_v1_ListJobsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _fpnas_v1_ListJobsRequest, callback: grpc.requestCallback<_fpnas_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The closed rounds of a job, in order.
   */
  ListRounds(argument: _fpnas_v1_ListRoundsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListRoundsResponse__Output>): grpc.ClientUnaryCall;
  ListRounds(argument: _fpnas_v1_ListRoundsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_ListRoundsResponse__Output>): grpc.ClientUnaryCall;
  ListRounds(argument: _fpnas_v1_ListRoundsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListRoundsResponse__Output>): grpc.ClientUnaryCall;
  ListRounds(argument: _fpnas_v1_ListRoundsRequest, callback: grpc.requestCallback<_fpnas_v1_ListRoundsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The closed rounds of a job, in order.
   */
  listRounds(argument: _fpnas_v1_ListRoundsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListRoundsResponse__Output>): grpc.ClientUnaryCall;
  listRounds(argument: _fpnas_v1_ListRoundsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_ListRoundsResponse__Output>): grpc.ClientUnaryCall;
  listRounds(argument: _fpnas_v1_ListRoundsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListRoundsResponse__Output>): grpc.ClientUnaryCall;
  listRounds(argument: _fpnas_v1_ListRoundsRequest, callback: grpc.requestCallback<_fpnas_v1_ListRoundsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The trials of a job, in order of their number.
   */
  ListTrials(argument: _fpnas_v1_ListTrialsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListTrialsResponse__Output>): grpc.ClientUnaryCall;
  ListTrials(argument: _fpnas_v1_ListTrialsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_ListTrialsResponse__Output>): grpc.ClientUnaryCall;
  ListTrials(argument: _fpnas_v1_ListTrialsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListTrialsResponse__Output>): grpc.ClientUnaryCall;
  ListTrials(argument: _fpnas_v1_ListTrialsRequest, callback: grpc.requestCallback<_fpnas_v1_ListTrialsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The trials of a job, in order of their number.
   */
  listTrials(argument: _fpnas_v1_ListTrialsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListTrialsResponse__Output>): grpc.ClientUnaryCall;
  listTrials(argument: _fpnas_v1_ListTrialsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_ListTrialsResponse__Output>): grpc.ClientUnaryCall;
  listTrials(argument: _fpnas_v1_ListTrialsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ListTrialsResponse__Output>): grpc.ClientUnaryCall;
  listTrials(argument: _fpnas_v1_ListTrialsRequest, callback: grpc.requestCallback<_fpnas_v1_ListTrialsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * No new leases; trials under way go on and count. FAILED_PRECONDITION unless running.
   */
  PauseJob(argument: _fpnas_v1_PauseJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PauseJobResponse__Output>): grpc.ClientUnaryCall;
  PauseJob(argument: _fpnas_v1_PauseJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_PauseJobResponse__Output>): grpc.ClientUnaryCall;
  PauseJob(argument: _fpnas_v1_PauseJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PauseJobResponse__Output>): grpc.ClientUnaryCall;
  PauseJob(argument: _fpnas_v1_PauseJobRequest, callback: grpc.requestCallback<_fpnas_v1_PauseJobResponse__Output>): grpc.ClientUnaryCall;
  /**
   * No new leases; trials under way go on and count. FAILED_PRECONDITION unless running.
   */
  pauseJob(argument: _fpnas_v1_PauseJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PauseJobResponse__Output>): grpc.ClientUnaryCall;
  pauseJob(argument: _fpnas_v1_PauseJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_PauseJobResponse__Output>): grpc.ClientUnaryCall;
  pauseJob(argument: _fpnas_v1_PauseJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_PauseJobResponse__Output>): grpc.ClientUnaryCall;
  pauseJob(argument: _fpnas_v1_PauseJobRequest, callback: grpc.requestCallback<_fpnas_v1_PauseJobResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * All that a job's state follows from, for whoever wants to replay it: first the head, then the events in order, some at a time. Files
   * are served by their hash (WorkerService.FetchFile). NOT_FOUND.
   */
  ReadJobLog(argument: _fpnas_v1_ReadJobLogRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_ReadJobLogResponse__Output>;
  ReadJobLog(argument: _fpnas_v1_ReadJobLogRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_ReadJobLogResponse__Output>;
  /**
   * All that a job's state follows from, for whoever wants to replay it: first the head, then the events in order, some at a time. Files
   * are served by their hash (WorkerService.FetchFile). NOT_FOUND.
   */
  readJobLog(argument: _fpnas_v1_ReadJobLogRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_ReadJobLogResponse__Output>;
  readJobLog(argument: _fpnas_v1_ReadJobLogRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_ReadJobLogResponse__Output>;
  
  /**
   * Goes on. FAILED_PRECONDITION unless paused.
   */
  ResumeJob(argument: _fpnas_v1_ResumeJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ResumeJobResponse__Output>): grpc.ClientUnaryCall;
  ResumeJob(argument: _fpnas_v1_ResumeJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_ResumeJobResponse__Output>): grpc.ClientUnaryCall;
  ResumeJob(argument: _fpnas_v1_ResumeJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ResumeJobResponse__Output>): grpc.ClientUnaryCall;
  ResumeJob(argument: _fpnas_v1_ResumeJobRequest, callback: grpc.requestCallback<_fpnas_v1_ResumeJobResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Goes on. FAILED_PRECONDITION unless paused.
   */
  resumeJob(argument: _fpnas_v1_ResumeJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ResumeJobResponse__Output>): grpc.ClientUnaryCall;
  resumeJob(argument: _fpnas_v1_ResumeJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_ResumeJobResponse__Output>): grpc.ClientUnaryCall;
  resumeJob(argument: _fpnas_v1_ResumeJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_ResumeJobResponse__Output>): grpc.ClientUnaryCall;
  resumeJob(argument: _fpnas_v1_ResumeJobRequest, callback: grpc.requestCallback<_fpnas_v1_ResumeJobResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Stores a file under the SHA-256 of its bytes, for a later CreateJob. Idempotent, so it needs no request_id. RESOURCE_EXHAUSTED above 256 MiB, and where
   * too much is being uploaded at once.
   */
  UploadFile(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_UploadFileResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_UploadFileRequest>;
  UploadFile(metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_UploadFileResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_UploadFileRequest>;
  UploadFile(options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_UploadFileResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_UploadFileRequest>;
  UploadFile(callback: grpc.requestCallback<_fpnas_v1_UploadFileResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_UploadFileRequest>;
  /**
   * Stores a file under the SHA-256 of its bytes, for a later CreateJob. Idempotent, so it needs no request_id. RESOURCE_EXHAUSTED above 256 MiB, and where
   * too much is being uploaded at once.
   */
  uploadFile(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_UploadFileResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_UploadFileRequest>;
  uploadFile(metadata: grpc.Metadata, callback: grpc.requestCallback<_fpnas_v1_UploadFileResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_UploadFileRequest>;
  uploadFile(options: grpc.CallOptions, callback: grpc.requestCallback<_fpnas_v1_UploadFileResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_UploadFileRequest>;
  uploadFile(callback: grpc.requestCallback<_fpnas_v1_UploadFileResponse__Output>): grpc.ClientWritableStream<_fpnas_v1_UploadFileRequest>;
  
  /**
   * The job's state now and after each change, at most about five times a second; ends after the final state. NOT_FOUND.
   */
  WatchJob(argument: _fpnas_v1_WatchJobRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_WatchJobResponse__Output>;
  WatchJob(argument: _fpnas_v1_WatchJobRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_WatchJobResponse__Output>;
  /**
   * The job's state now and after each change, at most about five times a second; ends after the final state. NOT_FOUND.
   */
  watchJob(argument: _fpnas_v1_WatchJobRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_WatchJobResponse__Output>;
  watchJob(argument: _fpnas_v1_WatchJobRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fpnas_v1_WatchJobResponse__Output>;
  
}

/**
 * Served by the coordinator to the CLI, the SDK and the page.
 */
export interface SearchServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Ends the job now; trials under way are revoked. FAILED_PRECONDITION where it has ended already.
   */
  CancelJob: grpc.handleUnaryCall<_fpnas_v1_CancelJobRequest__Output, _fpnas_v1_CancelJobResponse>;
  
  /**
   * Submits a job. INVALID_ARGUMENT carries a google.rpc.BadRequest with the field path of each mistake in the spec.
   * FAILED_PRECONDITION where a file that the spec names was not uploaded. ALREADY_EXISTS where job_id is taken.
   */
  CreateJob: grpc.handleUnaryCall<_fpnas_v1_CreateJobRequest__Output, _fpnas_v1_CreateJobResponse>;
  
  /**
   * One job. NOT_FOUND.
   */
  GetJob: grpc.handleUnaryCall<_fpnas_v1_GetJobRequest__Output, _fpnas_v1_GetJobResponse>;
  
  /**
   * The jobs of a project, newest first.
   */
  ListJobs: grpc.handleUnaryCall<_fpnas_v1_ListJobsRequest__Output, _fpnas_v1_ListJobsResponse>;
  
  /**
   * The closed rounds of a job, in order.
   */
  ListRounds: grpc.handleUnaryCall<_fpnas_v1_ListRoundsRequest__Output, _fpnas_v1_ListRoundsResponse>;
  
  /**
   * The trials of a job, in order of their number.
   */
  ListTrials: grpc.handleUnaryCall<_fpnas_v1_ListTrialsRequest__Output, _fpnas_v1_ListTrialsResponse>;
  
  /**
   * No new leases; trials under way go on and count. FAILED_PRECONDITION unless running.
   */
  PauseJob: grpc.handleUnaryCall<_fpnas_v1_PauseJobRequest__Output, _fpnas_v1_PauseJobResponse>;
  
  /**
   * All that a job's state follows from, for whoever wants to replay it: first the head, then the events in order, some at a time. Files
   * are served by their hash (WorkerService.FetchFile). NOT_FOUND.
   */
  ReadJobLog: grpc.handleServerStreamingCall<_fpnas_v1_ReadJobLogRequest__Output, _fpnas_v1_ReadJobLogResponse>;
  
  /**
   * Goes on. FAILED_PRECONDITION unless paused.
   */
  ResumeJob: grpc.handleUnaryCall<_fpnas_v1_ResumeJobRequest__Output, _fpnas_v1_ResumeJobResponse>;
  
  /**
   * Stores a file under the SHA-256 of its bytes, for a later CreateJob. Idempotent, so it needs no request_id. RESOURCE_EXHAUSTED above 256 MiB, and where
   * too much is being uploaded at once.
   */
  UploadFile: grpc.handleClientStreamingCall<_fpnas_v1_UploadFileRequest__Output, _fpnas_v1_UploadFileResponse>;
  
  /**
   * The job's state now and after each change, at most about five times a second; ends after the final state. NOT_FOUND.
   */
  WatchJob: grpc.handleServerStreamingCall<_fpnas_v1_WatchJobRequest__Output, _fpnas_v1_WatchJobResponse>;
  
}

export interface SearchServiceDefinition extends grpc.ServiceDefinition {
  CancelJob: MethodDefinition<_fpnas_v1_CancelJobRequest, _fpnas_v1_CancelJobResponse, _fpnas_v1_CancelJobRequest__Output, _fpnas_v1_CancelJobResponse__Output>
  CreateJob: MethodDefinition<_fpnas_v1_CreateJobRequest, _fpnas_v1_CreateJobResponse, _fpnas_v1_CreateJobRequest__Output, _fpnas_v1_CreateJobResponse__Output>
  GetJob: MethodDefinition<_fpnas_v1_GetJobRequest, _fpnas_v1_GetJobResponse, _fpnas_v1_GetJobRequest__Output, _fpnas_v1_GetJobResponse__Output>
  ListJobs: MethodDefinition<_fpnas_v1_ListJobsRequest, _fpnas_v1_ListJobsResponse, _fpnas_v1_ListJobsRequest__Output, _fpnas_v1_ListJobsResponse__Output>
  ListRounds: MethodDefinition<_fpnas_v1_ListRoundsRequest, _fpnas_v1_ListRoundsResponse, _fpnas_v1_ListRoundsRequest__Output, _fpnas_v1_ListRoundsResponse__Output>
  ListTrials: MethodDefinition<_fpnas_v1_ListTrialsRequest, _fpnas_v1_ListTrialsResponse, _fpnas_v1_ListTrialsRequest__Output, _fpnas_v1_ListTrialsResponse__Output>
  PauseJob: MethodDefinition<_fpnas_v1_PauseJobRequest, _fpnas_v1_PauseJobResponse, _fpnas_v1_PauseJobRequest__Output, _fpnas_v1_PauseJobResponse__Output>
  ReadJobLog: MethodDefinition<_fpnas_v1_ReadJobLogRequest, _fpnas_v1_ReadJobLogResponse, _fpnas_v1_ReadJobLogRequest__Output, _fpnas_v1_ReadJobLogResponse__Output>
  ResumeJob: MethodDefinition<_fpnas_v1_ResumeJobRequest, _fpnas_v1_ResumeJobResponse, _fpnas_v1_ResumeJobRequest__Output, _fpnas_v1_ResumeJobResponse__Output>
  UploadFile: MethodDefinition<_fpnas_v1_UploadFileRequest, _fpnas_v1_UploadFileResponse, _fpnas_v1_UploadFileRequest__Output, _fpnas_v1_UploadFileResponse__Output>
  WatchJob: MethodDefinition<_fpnas_v1_WatchJobRequest, _fpnas_v1_WatchJobResponse, _fpnas_v1_WatchJobRequest__Output, _fpnas_v1_WatchJobResponse__Output>
}
