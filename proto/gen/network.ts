import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Conv as _fpnas_v1_Conv, Conv__Output as _fpnas_v1_Conv__Output } from './fpnas/v1/Conv.ts';
import type { Dense as _fpnas_v1_Dense, Dense__Output as _fpnas_v1_Dense__Output } from './fpnas/v1/Dense.ts';
import type { GlobalPool as _fpnas_v1_GlobalPool, GlobalPool__Output as _fpnas_v1_GlobalPool__Output } from './fpnas/v1/GlobalPool.ts';
import type { Graph as _fpnas_v1_Graph, Graph__Output as _fpnas_v1_Graph__Output } from './fpnas/v1/Graph.ts';
import type { Layer as _fpnas_v1_Layer, Layer__Output as _fpnas_v1_Layer__Output } from './fpnas/v1/Layer.ts';
import type { MbConv as _fpnas_v1_MbConv, MbConv__Output as _fpnas_v1_MbConv__Output } from './fpnas/v1/MbConv.ts';
import type { Network as _fpnas_v1_Network, Network__Output as _fpnas_v1_Network__Output } from './fpnas/v1/Network.ts';
import type { Shape as _fpnas_v1_Shape, Shape__Output as _fpnas_v1_Shape__Output } from './fpnas/v1/Shape.ts';
import type { TableRow as _fpnas_v1_TableRow, TableRow__Output as _fpnas_v1_TableRow__Output } from './fpnas/v1/TableRow.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fpnas: {
    v1: {
      Activation: EnumTypeDefinition
      Conv: MessageTypeDefinition<_fpnas_v1_Conv, _fpnas_v1_Conv__Output>
      Dense: MessageTypeDefinition<_fpnas_v1_Dense, _fpnas_v1_Dense__Output>
      GlobalPool: MessageTypeDefinition<_fpnas_v1_GlobalPool, _fpnas_v1_GlobalPool__Output>
      Graph: MessageTypeDefinition<_fpnas_v1_Graph, _fpnas_v1_Graph__Output>
      Layer: MessageTypeDefinition<_fpnas_v1_Layer, _fpnas_v1_Layer__Output>
      MbConv: MessageTypeDefinition<_fpnas_v1_MbConv, _fpnas_v1_MbConv__Output>
      Network: MessageTypeDefinition<_fpnas_v1_Network, _fpnas_v1_Network__Output>
      Shape: MessageTypeDefinition<_fpnas_v1_Shape, _fpnas_v1_Shape__Output>
      TableRow: MessageTypeDefinition<_fpnas_v1_TableRow, _fpnas_v1_TableRow__Output>
    }
  }
}

