import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { WeightsVersion as _fpnas_v1_WeightsVersion, WeightsVersion__Output as _fpnas_v1_WeightsVersion__Output } from './fpnas/v1/WeightsVersion.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fpnas: {
    v1: {
      WeightsVersion: MessageTypeDefinition<_fpnas_v1_WeightsVersion, _fpnas_v1_WeightsVersion__Output>
    }
  }
}

