import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Checkpoint as _fpnas_v1_Checkpoint, Checkpoint__Output as _fpnas_v1_Checkpoint__Output } from './fpnas/v1/Checkpoint.ts';
import type { CheckpointHeader as _fpnas_v1_CheckpointHeader, CheckpointHeader__Output as _fpnas_v1_CheckpointHeader__Output } from './fpnas/v1/CheckpointHeader.ts';
import type { CommandEvaluation as _fpnas_v1_CommandEvaluation, CommandEvaluation__Output as _fpnas_v1_CommandEvaluation__Output } from './fpnas/v1/CommandEvaluation.ts';
import type { CommandFile as _fpnas_v1_CommandFile, CommandFile__Output as _fpnas_v1_CommandFile__Output } from './fpnas/v1/CommandFile.ts';
import type { Conv as _fpnas_v1_Conv, Conv__Output as _fpnas_v1_Conv__Output } from './fpnas/v1/Conv.ts';
import type { Dense as _fpnas_v1_Dense, Dense__Output as _fpnas_v1_Dense__Output } from './fpnas/v1/Dense.ts';
import type { Evaluation as _fpnas_v1_Evaluation, Evaluation__Output as _fpnas_v1_Evaluation__Output } from './fpnas/v1/Evaluation.ts';
import type { Failure as _fpnas_v1_Failure, Failure__Output as _fpnas_v1_Failure__Output } from './fpnas/v1/Failure.ts';
import type { FetchFileRequest as _fpnas_v1_FetchFileRequest, FetchFileRequest__Output as _fpnas_v1_FetchFileRequest__Output } from './fpnas/v1/FetchFileRequest.ts';
import type { FetchFileResponse as _fpnas_v1_FetchFileResponse, FetchFileResponse__Output as _fpnas_v1_FetchFileResponse__Output } from './fpnas/v1/FetchFileResponse.ts';
import type { FetchWeightsRequest as _fpnas_v1_FetchWeightsRequest, FetchWeightsRequest__Output as _fpnas_v1_FetchWeightsRequest__Output } from './fpnas/v1/FetchWeightsRequest.ts';
import type { FetchWeightsResponse as _fpnas_v1_FetchWeightsResponse, FetchWeightsResponse__Output as _fpnas_v1_FetchWeightsResponse__Output } from './fpnas/v1/FetchWeightsResponse.ts';
import type { GlobalPool as _fpnas_v1_GlobalPool, GlobalPool__Output as _fpnas_v1_GlobalPool__Output } from './fpnas/v1/GlobalPool.ts';
import type { Graph as _fpnas_v1_Graph, Graph__Output as _fpnas_v1_Graph__Output } from './fpnas/v1/Graph.ts';
import type { Layer as _fpnas_v1_Layer, Layer__Output as _fpnas_v1_Layer__Output } from './fpnas/v1/Layer.ts';
import type { Lease as _fpnas_v1_Lease, Lease__Output as _fpnas_v1_Lease__Output } from './fpnas/v1/Lease.ts';
import type { LeaseKey as _fpnas_v1_LeaseKey, LeaseKey__Output as _fpnas_v1_LeaseKey__Output } from './fpnas/v1/LeaseKey.ts';
import type { MbConv as _fpnas_v1_MbConv, MbConv__Output as _fpnas_v1_MbConv__Output } from './fpnas/v1/MbConv.ts';
import type { Measurement as _fpnas_v1_Measurement, Measurement__Output as _fpnas_v1_Measurement__Output } from './fpnas/v1/Measurement.ts';
import type { Network as _fpnas_v1_Network, Network__Output as _fpnas_v1_Network__Output } from './fpnas/v1/Network.ts';
import type { Outcome as _fpnas_v1_Outcome, Outcome__Output as _fpnas_v1_Outcome__Output } from './fpnas/v1/Outcome.ts';
import type { OutcomeAck as _fpnas_v1_OutcomeAck, OutcomeAck__Output as _fpnas_v1_OutcomeAck__Output } from './fpnas/v1/OutcomeAck.ts';
import type { PutCheckpointRequest as _fpnas_v1_PutCheckpointRequest, PutCheckpointRequest__Output as _fpnas_v1_PutCheckpointRequest__Output } from './fpnas/v1/PutCheckpointRequest.ts';
import type { PutCheckpointResponse as _fpnas_v1_PutCheckpointResponse, PutCheckpointResponse__Output as _fpnas_v1_PutCheckpointResponse__Output } from './fpnas/v1/PutCheckpointResponse.ts';
import type { PutUpdateRequest as _fpnas_v1_PutUpdateRequest, PutUpdateRequest__Output as _fpnas_v1_PutUpdateRequest__Output } from './fpnas/v1/PutUpdateRequest.ts';
import type { PutUpdateResponse as _fpnas_v1_PutUpdateResponse, PutUpdateResponse__Output as _fpnas_v1_PutUpdateResponse__Output } from './fpnas/v1/PutUpdateResponse.ts';
import type { RegisterRequest as _fpnas_v1_RegisterRequest, RegisterRequest__Output as _fpnas_v1_RegisterRequest__Output } from './fpnas/v1/RegisterRequest.ts';
import type { RegisterResponse as _fpnas_v1_RegisterResponse, RegisterResponse__Output as _fpnas_v1_RegisterResponse__Output } from './fpnas/v1/RegisterResponse.ts';
import type { Shape as _fpnas_v1_Shape, Shape__Output as _fpnas_v1_Shape__Output } from './fpnas/v1/Shape.ts';
import type { SupernetEvaluation as _fpnas_v1_SupernetEvaluation, SupernetEvaluation__Output as _fpnas_v1_SupernetEvaluation__Output } from './fpnas/v1/SupernetEvaluation.ts';
import type { TableRow as _fpnas_v1_TableRow, TableRow__Output as _fpnas_v1_TableRow__Output } from './fpnas/v1/TableRow.ts';
import type { TabularEvaluation as _fpnas_v1_TabularEvaluation, TabularEvaluation__Output as _fpnas_v1_TabularEvaluation__Output } from './fpnas/v1/TabularEvaluation.ts';
import type { TrainEvaluation as _fpnas_v1_TrainEvaluation, TrainEvaluation__Output as _fpnas_v1_TrainEvaluation__Output } from './fpnas/v1/TrainEvaluation.ts';
import type { TrainedWeights as _fpnas_v1_TrainedWeights, TrainedWeights__Output as _fpnas_v1_TrainedWeights__Output } from './fpnas/v1/TrainedWeights.ts';
import type { TrainingRecipe as _fpnas_v1_TrainingRecipe, TrainingRecipe__Output as _fpnas_v1_TrainingRecipe__Output } from './fpnas/v1/TrainingRecipe.ts';
import type { UpdateHeader as _fpnas_v1_UpdateHeader, UpdateHeader__Output as _fpnas_v1_UpdateHeader__Output } from './fpnas/v1/UpdateHeader.ts';
import type { WeightsServiceClient as _fpnas_v1_WeightsServiceClient, WeightsServiceDefinition as _fpnas_v1_WeightsServiceDefinition } from './fpnas/v1/WeightsService.ts';
import type { WeightsSlice as _fpnas_v1_WeightsSlice, WeightsSlice__Output as _fpnas_v1_WeightsSlice__Output } from './fpnas/v1/WeightsSlice.ts';
import type { WeightsUpdate as _fpnas_v1_WeightsUpdate, WeightsUpdate__Output as _fpnas_v1_WeightsUpdate__Output } from './fpnas/v1/WeightsUpdate.ts';
import type { WorkRequest as _fpnas_v1_WorkRequest, WorkRequest__Output as _fpnas_v1_WorkRequest__Output } from './fpnas/v1/WorkRequest.ts';
import type { WorkResponse as _fpnas_v1_WorkResponse, WorkResponse__Output as _fpnas_v1_WorkResponse__Output } from './fpnas/v1/WorkResponse.ts';
import type { WorkerServiceClient as _fpnas_v1_WorkerServiceClient, WorkerServiceDefinition as _fpnas_v1_WorkerServiceDefinition } from './fpnas/v1/WorkerService.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fpnas: {
    v1: {
      Activation: EnumTypeDefinition
      Checkpoint: MessageTypeDefinition<_fpnas_v1_Checkpoint, _fpnas_v1_Checkpoint__Output>
      CheckpointHeader: MessageTypeDefinition<_fpnas_v1_CheckpointHeader, _fpnas_v1_CheckpointHeader__Output>
      CommandEvaluation: MessageTypeDefinition<_fpnas_v1_CommandEvaluation, _fpnas_v1_CommandEvaluation__Output>
      CommandFile: MessageTypeDefinition<_fpnas_v1_CommandFile, _fpnas_v1_CommandFile__Output>
      Conv: MessageTypeDefinition<_fpnas_v1_Conv, _fpnas_v1_Conv__Output>
      DataPart: EnumTypeDefinition
      Dense: MessageTypeDefinition<_fpnas_v1_Dense, _fpnas_v1_Dense__Output>
      Evaluation: MessageTypeDefinition<_fpnas_v1_Evaluation, _fpnas_v1_Evaluation__Output>
      Failure: MessageTypeDefinition<_fpnas_v1_Failure, _fpnas_v1_Failure__Output>
      FailureReason: EnumTypeDefinition
      FetchFileRequest: MessageTypeDefinition<_fpnas_v1_FetchFileRequest, _fpnas_v1_FetchFileRequest__Output>
      FetchFileResponse: MessageTypeDefinition<_fpnas_v1_FetchFileResponse, _fpnas_v1_FetchFileResponse__Output>
      FetchWeightsRequest: MessageTypeDefinition<_fpnas_v1_FetchWeightsRequest, _fpnas_v1_FetchWeightsRequest__Output>
      FetchWeightsResponse: MessageTypeDefinition<_fpnas_v1_FetchWeightsResponse, _fpnas_v1_FetchWeightsResponse__Output>
      GlobalPool: MessageTypeDefinition<_fpnas_v1_GlobalPool, _fpnas_v1_GlobalPool__Output>
      Graph: MessageTypeDefinition<_fpnas_v1_Graph, _fpnas_v1_Graph__Output>
      Layer: MessageTypeDefinition<_fpnas_v1_Layer, _fpnas_v1_Layer__Output>
      Lease: MessageTypeDefinition<_fpnas_v1_Lease, _fpnas_v1_Lease__Output>
      LeaseKey: MessageTypeDefinition<_fpnas_v1_LeaseKey, _fpnas_v1_LeaseKey__Output>
      MbConv: MessageTypeDefinition<_fpnas_v1_MbConv, _fpnas_v1_MbConv__Output>
      Measurement: MessageTypeDefinition<_fpnas_v1_Measurement, _fpnas_v1_Measurement__Output>
      Network: MessageTypeDefinition<_fpnas_v1_Network, _fpnas_v1_Network__Output>
      Outcome: MessageTypeDefinition<_fpnas_v1_Outcome, _fpnas_v1_Outcome__Output>
      OutcomeAck: MessageTypeDefinition<_fpnas_v1_OutcomeAck, _fpnas_v1_OutcomeAck__Output>
      Precision: EnumTypeDefinition
      PutCheckpointRequest: MessageTypeDefinition<_fpnas_v1_PutCheckpointRequest, _fpnas_v1_PutCheckpointRequest__Output>
      PutCheckpointResponse: MessageTypeDefinition<_fpnas_v1_PutCheckpointResponse, _fpnas_v1_PutCheckpointResponse__Output>
      PutUpdateRequest: MessageTypeDefinition<_fpnas_v1_PutUpdateRequest, _fpnas_v1_PutUpdateRequest__Output>
      PutUpdateResponse: MessageTypeDefinition<_fpnas_v1_PutUpdateResponse, _fpnas_v1_PutUpdateResponse__Output>
      RegisterRequest: MessageTypeDefinition<_fpnas_v1_RegisterRequest, _fpnas_v1_RegisterRequest__Output>
      RegisterResponse: MessageTypeDefinition<_fpnas_v1_RegisterResponse, _fpnas_v1_RegisterResponse__Output>
      Shape: MessageTypeDefinition<_fpnas_v1_Shape, _fpnas_v1_Shape__Output>
      SupernetEvaluation: MessageTypeDefinition<_fpnas_v1_SupernetEvaluation, _fpnas_v1_SupernetEvaluation__Output>
      TableRow: MessageTypeDefinition<_fpnas_v1_TableRow, _fpnas_v1_TableRow__Output>
      TabularEvaluation: MessageTypeDefinition<_fpnas_v1_TabularEvaluation, _fpnas_v1_TabularEvaluation__Output>
      TrainEvaluation: MessageTypeDefinition<_fpnas_v1_TrainEvaluation, _fpnas_v1_TrainEvaluation__Output>
      TrainedWeights: MessageTypeDefinition<_fpnas_v1_TrainedWeights, _fpnas_v1_TrainedWeights__Output>
      TrainingRecipe: MessageTypeDefinition<_fpnas_v1_TrainingRecipe, _fpnas_v1_TrainingRecipe__Output>
      UpdateHeader: MessageTypeDefinition<_fpnas_v1_UpdateHeader, _fpnas_v1_UpdateHeader__Output>
      /**
       * Served by the leading coordinator to workers.
       */
      WeightsService: SubtypeConstructor<typeof grpc.Client, _fpnas_v1_WeightsServiceClient> & { service: _fpnas_v1_WeightsServiceDefinition }
      WeightsSlice: MessageTypeDefinition<_fpnas_v1_WeightsSlice, _fpnas_v1_WeightsSlice__Output>
      WeightsUpdate: MessageTypeDefinition<_fpnas_v1_WeightsUpdate, _fpnas_v1_WeightsUpdate__Output>
      WorkRequest: MessageTypeDefinition<_fpnas_v1_WorkRequest, _fpnas_v1_WorkRequest__Output>
      WorkResponse: MessageTypeDefinition<_fpnas_v1_WorkResponse, _fpnas_v1_WorkResponse__Output>
      /**
       * Served by the coordinator to workers. A worker knows networks and evaluations, and nothing of searches. Of several coordinators on one
       * store, one leads; the others answer Register and Work with UNAVAILABLE and an ErrorInfo NOT_LEADER, whose metadata names the `leader`'s
       * HOST:PORT where one is known. The worker goes there, and on from one coordinator that it was given to the next when a call fails.
       */
      WorkerService: SubtypeConstructor<typeof grpc.Client, _fpnas_v1_WorkerServiceClient> & { service: _fpnas_v1_WorkerServiceDefinition }
    }
  }
}

