import { costBreakdown } from "../../../network/cost.ts";
import type { Features } from "../../../network/shapes.ts";
import type { Graph, Layer } from "../../../network/types.ts";

/** One layer of a graph as the report shows it. */
export interface LayerRow {
  readonly layer: Layer;
  readonly input: Features;
  readonly output: Features;
  readonly macs: number;
  readonly params: number;
  readonly name: string;
  /** Empty where the layer has none. */
  readonly kernel: string;
  readonly expansion: string;
  readonly squeeze: string;
  readonly stride: string;
  /** Whether the input is added to the output. */
  readonly residual: boolean;
}

/** The layers of a graph in order, each with what goes in, what comes out and what it costs. */
export function layerRows(graph: Graph): readonly LayerRow[] {
  const costs = costBreakdown(graph).layers;
  let input: Features = { type: "map", ...graph.input };
  return graph.layers.flatMap((layer, i) => {
    const cost = costs[i];
    if (cost === undefined) return [];
    const { output, macs } = cost;
    const params = cost.weights + cost.biases + cost.batchNorm;
    const row = { layer, input, output, macs, params, ...words(layer, input) };
    input = output;
    return [row];
  });
}

type Words = Pick<LayerRow, "name" | "kernel" | "expansion" | "squeeze" | "stride" | "residual">;

function words(layer: Layer, input: Features): Words {
  const none = { kernel: "", expansion: "", squeeze: "", stride: "", residual: false };
  switch (layer.type) {
    case "conv":
      return { ...none, name: "Conv", kernel: `${layer.kernel}×${layer.kernel}`, stride: String(layer.stride) };
    case "mbconv":
      return {
        name: "MBConv",
        kernel: `${layer.kernel}×${layer.kernel}`,
        expansion: `×${Number((layer.midChannels / input.channels).toFixed(2))} (${layer.midChannels})`,
        squeeze: layer.seChannels === 0 ? "" : String(layer.seChannels),
        stride: String(layer.stride),
        residual: layer.stride === 1 && layer.outChannels === input.channels,
      };
    case "globalPool":
      return { ...none, name: "Mean pool" };
    case "dense":
      return { ...none, name: "Dense" };
  }
}

/** The positions of features: "14×14", or "1×1" for a vector. */
export function resolution(features: Features): string {
  return features.type === "map" ? `${features.height}×${features.width}` : "1×1";
}
