import type { Layer, Shape } from "./types.ts";

/** What flows between two layers: an image-like map until it is pooled, a vector from then on. */
export type Features = ({ readonly type: "map" } & Shape) | { readonly type: "vector"; readonly channels: number };

/**
 * What a layer makes of its input; undefined where it cannot be applied: convolutions and pooling need a map, dense layers a vector.
 * Kernels are odd and padded by floor(kernel / 2), so that a side of n becomes ceil(n / stride) whatever the kernel.
 */
export function outputFeatures(input: Features, layer: Layer): Features | undefined {
  switch (layer.type) {
    case "conv":
    case "mbconv":
      if (input.type !== "map") return undefined;
      return {
        type: "map",
        height: Math.ceil(input.height / layer.stride),
        width: Math.ceil(input.width / layer.stride),
        channels: layer.outChannels,
      };
    case "globalPool":
      return input.type === "map" ? { type: "vector", channels: input.channels } : undefined;
    case "dense":
      return input.type === "vector" ? { type: "vector", channels: layer.units } : undefined;
  }
}
