import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Measurement as _fpnas_v1_Measurement, Measurement__Output as _fpnas_v1_Measurement__Output } from './fpnas/v1/Measurement.ts';
import type { TrainedWeights as _fpnas_v1_TrainedWeights, TrainedWeights__Output as _fpnas_v1_TrainedWeights__Output } from './fpnas/v1/TrainedWeights.ts';
import type { WeightsUpdate as _fpnas_v1_WeightsUpdate, WeightsUpdate__Output as _fpnas_v1_WeightsUpdate__Output } from './fpnas/v1/WeightsUpdate.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fpnas: {
    v1: {
      FailureReason: EnumTypeDefinition
      Measurement: MessageTypeDefinition<_fpnas_v1_Measurement, _fpnas_v1_Measurement__Output>
      TrainedWeights: MessageTypeDefinition<_fpnas_v1_TrainedWeights, _fpnas_v1_TrainedWeights__Output>
      WeightsUpdate: MessageTypeDefinition<_fpnas_v1_WeightsUpdate, _fpnas_v1_WeightsUpdate__Output>
    }
  }
}

