import { NetworkError, type Mistake } from "./errors.ts";
import { mistakesOf } from "./schema.ts";
import { outputFeatures, type Features } from "./shapes.ts";
import type { Activation, Graph, Layer, Network } from "./types.ts";
import { networkSchema } from "./wire.ts";

/** An activation's name in the proto3 JSON form. */
export type ActivationJson = "ACTIVATION_NONE" | "ACTIVATION_RELU" | "ACTIVATION_RELU6" | "ACTIVATION_SWISH";

/** An operation in the proto3 JSON form. */
type OperationJson =
  | {
      conv: {
        outChannels: number;
        kernel: number;
        stride: number;
        batchNorm: boolean;
        activation: ActivationJson;
      };
    }
  | {
      mbconv: {
        midChannels: number;
        outChannels: number;
        kernel: number;
        stride: number;
        seChannels: number;
        activation: ActivationJson;
      };
    }
  | { globalPool: Record<string, never> }
  | { dense: { units: number; bias: boolean; activation: ActivationJson } };

/** A layer in the proto3 JSON form. */
export type LayerJson = OperationJson & { sharedWeights?: string };

/** A network in the proto3 JSON form of network.proto: what stands in files and results, and what proto-loader takes to encode. */
export type NetworkJson =
  | { graph: { input: { height: number; width: number; channels: number }; layers: LayerJson[] } }
  | { tableRow: { tableSha256: string; arms: number[] } };

const activationNames: Readonly<Record<Activation, ActivationJson>> = {
  none: "ACTIVATION_NONE",
  relu: "ACTIVATION_RELU",
  relu6: "ACTIVATION_RELU6",
  swish: "ACTIVATION_SWISH",
};

function encodeLayer(layer: Layer): LayerJson {
  const operation = encodeOperation(layer);
  // Left out of networks that share nothing, whose canonical form and hash are older than supernets.
  if (layer.type === "globalPool" || layer.sharedWeights === undefined) return operation;
  return { ...operation, sharedWeights: layer.sharedWeights };
}

function encodeOperation(layer: Layer): OperationJson {
  switch (layer.type) {
    case "conv":
      return {
        conv: {
          outChannels: layer.outChannels,
          kernel: layer.kernel,
          stride: layer.stride,
          batchNorm: layer.batchNorm,
          activation: activationNames[layer.activation],
        },
      };
    case "mbconv":
      return {
        mbconv: {
          midChannels: layer.midChannels,
          outChannels: layer.outChannels,
          kernel: layer.kernel,
          stride: layer.stride,
          seChannels: layer.seChannels,
          activation: activationNames[layer.activation],
        },
      };
    case "globalPool":
      return { globalPool: {} };
    case "dense":
      return { dense: { units: layer.units, bias: layer.bias, activation: activationNames[layer.activation] } };
  }
}

/** The network in its proto3 JSON form: every field given, keys in the order of network.proto, whatever the order in memory. */
export function encodeNetwork(network: Network): NetworkJson {
  if (network.type === "tableRow") return { tableRow: { tableSha256: network.tableSha256, arms: [...network.arms] } };
  const { height, width, channels } = network.input;
  return { graph: { input: { height, width, channels }, layers: network.layers.map(encodeLayer) } };
}

/** Whether each layer of a graph can follow the one before it, and whether the graph ends as it must; the first mistake alone. */
function flowMistake(graph: Graph): Mistake | undefined {
  let features: Features = { type: "map", ...graph.input };
  for (const [index, layer] of graph.layers.entries()) {
    const output = outputFeatures(features, layer);
    if (output === undefined) {
      const message =
        layer.type === "dense"
          ? "dense needs a globalPool before it: it works on vectors."
          : `${layer.type} cannot follow globalPool, which leaves a vector without positions.`;
      return { path: `graph.layers[${index}]`, message };
    }
    features = output;
  }
  if (graph.layers.at(-1)?.type === "dense") return undefined;
  return { path: "graph.layers", message: "must end with a dense layer, which yields one logit a class." };
}

/**
 * Reads a network from its proto3 JSON form (fields that hold their default may be absent) or from what proto-loader decodes.
 * @throws NetworkError with every mistake found; its code is `unknown_operation` where a layer or activation is of a kind that this
 * version does not know, which on the wire looks like a layer with nothing set.
 */
export function decodeNetwork(value: unknown): Network {
  const parsed = networkSchema.safeParse(value);
  if (!parsed.success) {
    const unknown = parsed.error.issues.some(
      (issue) => issue.code === "custom" && issue.params?.["unknownOperation"] === true,
    );
    throw new NetworkError(unknown ? "unknown_operation" : "invalid", mistakesOf(parsed.error));
  }
  const network = parsed.data;
  const mistake = network.type === "graph" ? flowMistake(network) : undefined;
  if (mistake !== undefined) throw new NetworkError("invalid", [mistake]);
  return network;
}
