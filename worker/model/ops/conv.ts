import { batchNorm } from "../blocks/batch-norm.ts";
import { activationOnly } from "../blocks/bias.ts";
import { chain } from "../blocks/chain.ts";
import { convolution } from "../blocks/convolution.ts";
import type { BuildLayer } from "./build-layer.ts";

export const buildConv: BuildLayer<"conv"> = (layer, inChannels, random) => {
  const filter = convolution(layer.kernel, inChannels, layer.outChannels, layer.stride, random);
  if (layer.batchNorm) return chain(filter, batchNorm(layer.outChannels, layer.activation));
  return layer.activation === "none" ? filter : chain(filter, activationOnly(layer.activation));
};
