import { activationOnly, bias } from "../blocks/bias.ts";
import { chain } from "../blocks/chain.ts";
import { convolution } from "../blocks/convolution.ts";
import type { BuildLayer } from "./build-layer.ts";

/** On vectors, which are maps of one position, a dense layer is a 1x1 convolution. */
export const buildDense: BuildLayer<"dense"> = (layer, inChannels, random) => {
  const weights = convolution(1, inChannels, layer.units, 1, random);
  if (layer.bias) return chain(weights, bias(layer.units, layer.activation));
  return layer.activation === "none" ? weights : chain(weights, activationOnly(layer.activation));
};
