import { batchNorm } from "../blocks/batch-norm.ts";
import { bias } from "../blocks/bias.ts";
import { chain } from "../blocks/chain.ts";
import { convolution, depthwiseConvolution } from "../blocks/convolution.ts";
import { gated } from "../blocks/gate.ts";
import { globalPool } from "../blocks/pool.ts";
import { residual } from "../blocks/residual.ts";
import type { Block } from "../block.ts";
import type { BuildLayer } from "./build-layer.ts";

export const buildMbConv: BuildLayer<"mbconv"> = (layer, inChannels, random) => {
  const { midChannels: mid, outChannels, kernel, stride, seChannels, activation } = layer;
  const expansion = mid === inChannels ? [] : [convolution(1, inChannels, mid, 1, random), batchNorm(mid, activation)];
  const squeezeExcite = (): Block =>
    gated(
      chain(
        globalPool(),
        ...[convolution(1, mid, seChannels, 1, random), bias(seChannels, "relu")],
        ...[convolution(1, seChannels, mid, 1, random), bias(mid, "none")],
      ),
    );
  const [first, ...rest] = [
    ...expansion,
    depthwiseConvolution(kernel, mid, stride, random),
    batchNorm(mid, activation),
    ...(seChannels === 0 ? [] : [squeezeExcite()]),
    convolution(1, mid, outChannels, 1, random),
    batchNorm(outChannels, "none"),
  ] as const;
  const block = chain(first, ...rest);
  return stride === 1 && inChannels === outChannels ? residual(block) : block;
};
