import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AttemptCounts as _fpnas_v1_AttemptCounts, AttemptCounts__Output as _fpnas_v1_AttemptCounts__Output } from './fpnas/v1/AttemptCounts.ts';
import type { BestTrial as _fpnas_v1_BestTrial, BestTrial__Output as _fpnas_v1_BestTrial__Output } from './fpnas/v1/BestTrial.ts';
import type { CancelJobRequest as _fpnas_v1_CancelJobRequest, CancelJobRequest__Output as _fpnas_v1_CancelJobRequest__Output } from './fpnas/v1/CancelJobRequest.ts';
import type { CancelJobResponse as _fpnas_v1_CancelJobResponse, CancelJobResponse__Output as _fpnas_v1_CancelJobResponse__Output } from './fpnas/v1/CancelJobResponse.ts';
import type { Conv as _fpnas_v1_Conv, Conv__Output as _fpnas_v1_Conv__Output } from './fpnas/v1/Conv.ts';
import type { CreateJobRequest as _fpnas_v1_CreateJobRequest, CreateJobRequest__Output as _fpnas_v1_CreateJobRequest__Output } from './fpnas/v1/CreateJobRequest.ts';
import type { CreateJobResponse as _fpnas_v1_CreateJobResponse, CreateJobResponse__Output as _fpnas_v1_CreateJobResponse__Output } from './fpnas/v1/CreateJobResponse.ts';
import type { Dense as _fpnas_v1_Dense, Dense__Output as _fpnas_v1_Dense__Output } from './fpnas/v1/Dense.ts';
import type { GetJobRequest as _fpnas_v1_GetJobRequest, GetJobRequest__Output as _fpnas_v1_GetJobRequest__Output } from './fpnas/v1/GetJobRequest.ts';
import type { GetJobResponse as _fpnas_v1_GetJobResponse, GetJobResponse__Output as _fpnas_v1_GetJobResponse__Output } from './fpnas/v1/GetJobResponse.ts';
import type { GlobalPool as _fpnas_v1_GlobalPool, GlobalPool__Output as _fpnas_v1_GlobalPool__Output } from './fpnas/v1/GlobalPool.ts';
import type { Graph as _fpnas_v1_Graph, Graph__Output as _fpnas_v1_Graph__Output } from './fpnas/v1/Graph.ts';
import type { Job as _fpnas_v1_Job, Job__Output as _fpnas_v1_Job__Output } from './fpnas/v1/Job.ts';
import type { JobLogEvent as _fpnas_v1_JobLogEvent, JobLogEvent__Output as _fpnas_v1_JobLogEvent__Output } from './fpnas/v1/JobLogEvent.ts';
import type { JobLogHead as _fpnas_v1_JobLogHead, JobLogHead__Output as _fpnas_v1_JobLogHead__Output } from './fpnas/v1/JobLogHead.ts';
import type { JobLogPage as _fpnas_v1_JobLogPage, JobLogPage__Output as _fpnas_v1_JobLogPage__Output } from './fpnas/v1/JobLogPage.ts';
import type { Layer as _fpnas_v1_Layer, Layer__Output as _fpnas_v1_Layer__Output } from './fpnas/v1/Layer.ts';
import type { ListJobsRequest as _fpnas_v1_ListJobsRequest, ListJobsRequest__Output as _fpnas_v1_ListJobsRequest__Output } from './fpnas/v1/ListJobsRequest.ts';
import type { ListJobsResponse as _fpnas_v1_ListJobsResponse, ListJobsResponse__Output as _fpnas_v1_ListJobsResponse__Output } from './fpnas/v1/ListJobsResponse.ts';
import type { ListRoundsRequest as _fpnas_v1_ListRoundsRequest, ListRoundsRequest__Output as _fpnas_v1_ListRoundsRequest__Output } from './fpnas/v1/ListRoundsRequest.ts';
import type { ListRoundsResponse as _fpnas_v1_ListRoundsResponse, ListRoundsResponse__Output as _fpnas_v1_ListRoundsResponse__Output } from './fpnas/v1/ListRoundsResponse.ts';
import type { ListTrialsRequest as _fpnas_v1_ListTrialsRequest, ListTrialsRequest__Output as _fpnas_v1_ListTrialsRequest__Output } from './fpnas/v1/ListTrialsRequest.ts';
import type { ListTrialsResponse as _fpnas_v1_ListTrialsResponse, ListTrialsResponse__Output as _fpnas_v1_ListTrialsResponse__Output } from './fpnas/v1/ListTrialsResponse.ts';
import type { Marginal as _fpnas_v1_Marginal, Marginal__Output as _fpnas_v1_Marginal__Output } from './fpnas/v1/Marginal.ts';
import type { MbConv as _fpnas_v1_MbConv, MbConv__Output as _fpnas_v1_MbConv__Output } from './fpnas/v1/MbConv.ts';
import type { Measurement as _fpnas_v1_Measurement, Measurement__Output as _fpnas_v1_Measurement__Output } from './fpnas/v1/Measurement.ts';
import type { Network as _fpnas_v1_Network, Network__Output as _fpnas_v1_Network__Output } from './fpnas/v1/Network.ts';
import type { PauseJobRequest as _fpnas_v1_PauseJobRequest, PauseJobRequest__Output as _fpnas_v1_PauseJobRequest__Output } from './fpnas/v1/PauseJobRequest.ts';
import type { PauseJobResponse as _fpnas_v1_PauseJobResponse, PauseJobResponse__Output as _fpnas_v1_PauseJobResponse__Output } from './fpnas/v1/PauseJobResponse.ts';
import type { Progress as _fpnas_v1_Progress, Progress__Output as _fpnas_v1_Progress__Output } from './fpnas/v1/Progress.ts';
import type { ReadJobLogRequest as _fpnas_v1_ReadJobLogRequest, ReadJobLogRequest__Output as _fpnas_v1_ReadJobLogRequest__Output } from './fpnas/v1/ReadJobLogRequest.ts';
import type { ReadJobLogResponse as _fpnas_v1_ReadJobLogResponse, ReadJobLogResponse__Output as _fpnas_v1_ReadJobLogResponse__Output } from './fpnas/v1/ReadJobLogResponse.ts';
import type { ResumeJobRequest as _fpnas_v1_ResumeJobRequest, ResumeJobRequest__Output as _fpnas_v1_ResumeJobRequest__Output } from './fpnas/v1/ResumeJobRequest.ts';
import type { ResumeJobResponse as _fpnas_v1_ResumeJobResponse, ResumeJobResponse__Output as _fpnas_v1_ResumeJobResponse__Output } from './fpnas/v1/ResumeJobResponse.ts';
import type { Round as _fpnas_v1_Round, Round__Output as _fpnas_v1_Round__Output } from './fpnas/v1/Round.ts';
import type { SearchServiceClient as _fpnas_v1_SearchServiceClient, SearchServiceDefinition as _fpnas_v1_SearchServiceDefinition } from './fpnas/v1/SearchService.ts';
import type { Shape as _fpnas_v1_Shape, Shape__Output as _fpnas_v1_Shape__Output } from './fpnas/v1/Shape.ts';
import type { TableRow as _fpnas_v1_TableRow, TableRow__Output as _fpnas_v1_TableRow__Output } from './fpnas/v1/TableRow.ts';
import type { TrainedWeights as _fpnas_v1_TrainedWeights, TrainedWeights__Output as _fpnas_v1_TrainedWeights__Output } from './fpnas/v1/TrainedWeights.ts';
import type { Trial as _fpnas_v1_Trial, Trial__Output as _fpnas_v1_Trial__Output } from './fpnas/v1/Trial.ts';
import type { UploadFileRequest as _fpnas_v1_UploadFileRequest, UploadFileRequest__Output as _fpnas_v1_UploadFileRequest__Output } from './fpnas/v1/UploadFileRequest.ts';
import type { UploadFileResponse as _fpnas_v1_UploadFileResponse, UploadFileResponse__Output as _fpnas_v1_UploadFileResponse__Output } from './fpnas/v1/UploadFileResponse.ts';
import type { WatchJobRequest as _fpnas_v1_WatchJobRequest, WatchJobRequest__Output as _fpnas_v1_WatchJobRequest__Output } from './fpnas/v1/WatchJobRequest.ts';
import type { WatchJobResponse as _fpnas_v1_WatchJobResponse, WatchJobResponse__Output as _fpnas_v1_WatchJobResponse__Output } from './fpnas/v1/WatchJobResponse.ts';
import type { WeightsUpdate as _fpnas_v1_WeightsUpdate, WeightsUpdate__Output as _fpnas_v1_WeightsUpdate__Output } from './fpnas/v1/WeightsUpdate.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fpnas: {
    v1: {
      Activation: EnumTypeDefinition
      AttemptCounts: MessageTypeDefinition<_fpnas_v1_AttemptCounts, _fpnas_v1_AttemptCounts__Output>
      BestTrial: MessageTypeDefinition<_fpnas_v1_BestTrial, _fpnas_v1_BestTrial__Output>
      CancelJobRequest: MessageTypeDefinition<_fpnas_v1_CancelJobRequest, _fpnas_v1_CancelJobRequest__Output>
      CancelJobResponse: MessageTypeDefinition<_fpnas_v1_CancelJobResponse, _fpnas_v1_CancelJobResponse__Output>
      Conv: MessageTypeDefinition<_fpnas_v1_Conv, _fpnas_v1_Conv__Output>
      CreateJobRequest: MessageTypeDefinition<_fpnas_v1_CreateJobRequest, _fpnas_v1_CreateJobRequest__Output>
      CreateJobResponse: MessageTypeDefinition<_fpnas_v1_CreateJobResponse, _fpnas_v1_CreateJobResponse__Output>
      Dense: MessageTypeDefinition<_fpnas_v1_Dense, _fpnas_v1_Dense__Output>
      FailureReason: EnumTypeDefinition
      GetJobRequest: MessageTypeDefinition<_fpnas_v1_GetJobRequest, _fpnas_v1_GetJobRequest__Output>
      GetJobResponse: MessageTypeDefinition<_fpnas_v1_GetJobResponse, _fpnas_v1_GetJobResponse__Output>
      GlobalPool: MessageTypeDefinition<_fpnas_v1_GlobalPool, _fpnas_v1_GlobalPool__Output>
      Graph: MessageTypeDefinition<_fpnas_v1_Graph, _fpnas_v1_Graph__Output>
      Job: MessageTypeDefinition<_fpnas_v1_Job, _fpnas_v1_Job__Output>
      JobLogEvent: MessageTypeDefinition<_fpnas_v1_JobLogEvent, _fpnas_v1_JobLogEvent__Output>
      JobLogHead: MessageTypeDefinition<_fpnas_v1_JobLogHead, _fpnas_v1_JobLogHead__Output>
      JobLogPage: MessageTypeDefinition<_fpnas_v1_JobLogPage, _fpnas_v1_JobLogPage__Output>
      Layer: MessageTypeDefinition<_fpnas_v1_Layer, _fpnas_v1_Layer__Output>
      ListJobsRequest: MessageTypeDefinition<_fpnas_v1_ListJobsRequest, _fpnas_v1_ListJobsRequest__Output>
      ListJobsResponse: MessageTypeDefinition<_fpnas_v1_ListJobsResponse, _fpnas_v1_ListJobsResponse__Output>
      ListRoundsRequest: MessageTypeDefinition<_fpnas_v1_ListRoundsRequest, _fpnas_v1_ListRoundsRequest__Output>
      ListRoundsResponse: MessageTypeDefinition<_fpnas_v1_ListRoundsResponse, _fpnas_v1_ListRoundsResponse__Output>
      ListTrialsRequest: MessageTypeDefinition<_fpnas_v1_ListTrialsRequest, _fpnas_v1_ListTrialsRequest__Output>
      ListTrialsResponse: MessageTypeDefinition<_fpnas_v1_ListTrialsResponse, _fpnas_v1_ListTrialsResponse__Output>
      Marginal: MessageTypeDefinition<_fpnas_v1_Marginal, _fpnas_v1_Marginal__Output>
      MbConv: MessageTypeDefinition<_fpnas_v1_MbConv, _fpnas_v1_MbConv__Output>
      Measurement: MessageTypeDefinition<_fpnas_v1_Measurement, _fpnas_v1_Measurement__Output>
      Network: MessageTypeDefinition<_fpnas_v1_Network, _fpnas_v1_Network__Output>
      PauseJobRequest: MessageTypeDefinition<_fpnas_v1_PauseJobRequest, _fpnas_v1_PauseJobRequest__Output>
      PauseJobResponse: MessageTypeDefinition<_fpnas_v1_PauseJobResponse, _fpnas_v1_PauseJobResponse__Output>
      Progress: MessageTypeDefinition<_fpnas_v1_Progress, _fpnas_v1_Progress__Output>
      ReadJobLogRequest: MessageTypeDefinition<_fpnas_v1_ReadJobLogRequest, _fpnas_v1_ReadJobLogRequest__Output>
      ReadJobLogResponse: MessageTypeDefinition<_fpnas_v1_ReadJobLogResponse, _fpnas_v1_ReadJobLogResponse__Output>
      ResumeJobRequest: MessageTypeDefinition<_fpnas_v1_ResumeJobRequest, _fpnas_v1_ResumeJobRequest__Output>
      ResumeJobResponse: MessageTypeDefinition<_fpnas_v1_ResumeJobResponse, _fpnas_v1_ResumeJobResponse__Output>
      Round: MessageTypeDefinition<_fpnas_v1_Round, _fpnas_v1_Round__Output>
      /**
       * Served by the coordinator to the CLI, the SDK and the page.
       */
      SearchService: SubtypeConstructor<typeof grpc.Client, _fpnas_v1_SearchServiceClient> & { service: _fpnas_v1_SearchServiceDefinition }
      Shape: MessageTypeDefinition<_fpnas_v1_Shape, _fpnas_v1_Shape__Output>
      TableRow: MessageTypeDefinition<_fpnas_v1_TableRow, _fpnas_v1_TableRow__Output>
      TrainedWeights: MessageTypeDefinition<_fpnas_v1_TrainedWeights, _fpnas_v1_TrainedWeights__Output>
      Trial: MessageTypeDefinition<_fpnas_v1_Trial, _fpnas_v1_Trial__Output>
      UploadFileRequest: MessageTypeDefinition<_fpnas_v1_UploadFileRequest, _fpnas_v1_UploadFileRequest__Output>
      UploadFileResponse: MessageTypeDefinition<_fpnas_v1_UploadFileResponse, _fpnas_v1_UploadFileResponse__Output>
      WatchJobRequest: MessageTypeDefinition<_fpnas_v1_WatchJobRequest, _fpnas_v1_WatchJobRequest__Output>
      WatchJobResponse: MessageTypeDefinition<_fpnas_v1_WatchJobResponse, _fpnas_v1_WatchJobResponse__Output>
      WeightsUpdate: MessageTypeDefinition<_fpnas_v1_WeightsUpdate, _fpnas_v1_WeightsUpdate__Output>
    }
  }
}

