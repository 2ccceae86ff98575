/**
 * What an architecture is once it is decided. These are the domain types of proto/fpnas/v1/network.proto (which documents every field);
 * `codec.ts` turns them to and from the proto3 JSON form that stands on the wire, in files and in results.
 */
export type Activation = "none" | "relu" | "relu6" | "swish";

/** Shape of one example, without the batch dimension. */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A layer with weights. */
export interface Weighted {
  /** In a supernet, the name under which the weights are shared (shared-weights.ts); absent where they are the network's own. */
  readonly sharedWeights?: string;
}

/** 2-D convolution without bias, optional batch normalization, activation; zero padding floor(kernel / 2) on every side. */
export interface Conv extends Weighted {
  readonly type: "conv";
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly batchNorm: boolean;
  readonly activation: Activation;
}

/** Inverted bottleneck; no expansion convolution where midChannels equals the input's channels; seChannels 0 means no gate. */
export interface MbConv extends Weighted {
  readonly type: "mbconv";
  readonly midChannels: number;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly seChannels: number;
  readonly activation: Activation;
}

/** Mean over all positions. */
export interface GlobalPool {
  readonly type: "globalPool";
}

/** Fully connected layer. */
export interface Dense extends Weighted {
  readonly type: "dense";
  readonly units: number;
  readonly bias: boolean;
  readonly activation: Activation;
}

export type Layer = Conv | MbConv | GlobalPool | Dense;

/** A network to build: layers applied in order. */
export interface Graph {
  readonly type: "graph";
  readonly input: Shape;
  readonly layers: readonly Layer[];
}

/** A row of a table of known results. */
export interface TableRow {
  readonly type: "tableRow";
  /** SHA-256 of the table's bytes, lower-case hexadecimal. */
  readonly tableSha256: string;
  /** One arm for each choice of the table. */
  readonly arms: readonly number[];
}

export type Network = Graph | TableRow;

/** Analytic cost of one forward pass of one example. */
export interface Cost {
  /** Multiply-accumulates of convolutions and linear layers, squeeze-and-excitation included; normalization, biases, pooling excluded. */
  readonly macs: number;
  /** Every trainable number: weights, biases, scale and shift of batch normalization. Equals what the built model counts. */
  readonly params: number;
}
