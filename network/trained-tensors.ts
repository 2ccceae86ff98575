import { layerTensors, type WeightsSlice } from "./shared-weights.ts";
import { outputFeatures, type Features } from "./shapes.ts";
import type { Graph, Layer } from "./types.ts";

/** `metadata.format` of a file of trained weights; another format has another number. */
export const trainedFormat = "fpnas-network-1";

/** A tensor of a trained network. */
export interface TrainedTensor extends WeightsSlice {
  /** What training changed, or a statistic of a normalization that inference uses. */
  readonly kind: "parameter" | "statistic";
}

/**
 * The tensors of a network with weights of its own, in order: `<layer index>/<tensor>`, with the names of tensors that
 * proto/fpnas/v1/weights.proto gives, and after each normalization's scale and shift its `mean` and `variance`.
 */
export function trainedTensors(graph: Graph): readonly TrainedTensor[] {
  let features: Features = { type: "map", ...graph.input };
  return graph.layers.flatMap((layer, index) => {
    const { channels } = features;
    features = outputFeatures(features, layer) ?? features;
    return layerTensors(String(index), layer, channels).flatMap(({ tensor, shape }): TrainedTensor[] => {
      const parameter = { tensor, shape, kind: "parameter" } as const;
      if (!tensor.endsWith("/shift")) return [parameter];
      const norm = tensor.slice(0, -"/shift".length);
      const statistics = ["mean", "variance"].map((name) => ({
        tensor: `${norm}/${name}`,
        shape,
        kind: "statistic" as const,
      }));
      return [parameter, ...statistics];
    });
  });
}

/** The network with weights of its own: no layer names any that it shares. */
export function withoutSharedNames(graph: Graph): Graph {
  const layers = graph.layers.map((layer): Layer => {
    if (layer.type === "globalPool") return layer;
    const { sharedWeights, ...own } = layer;
    return sharedWeights === undefined ? layer : own;
  });
  return { ...graph, layers };
}
