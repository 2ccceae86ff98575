import type { Activation, Layer } from "../../../network/types.ts";

/** Everything that is decided of a block. */
export interface BlockSetting {
  /** 0 skips the layer. */
  readonly kernel: number;
  readonly expansion: number;
  readonly channels: number;
  /** 1 for squeeze-and-excitation. */
  readonly se: number;
  readonly activation: Activation;
}

/**
 * The nearest multiple (halves go up), never 0, and one more where rounding took off more than 5%: the rule of FBNetV2 (arXiv 2004.05565).
 */
export function roundChannels(width: number, multiple: number): number {
  const nearest = Math.max(multiple, Math.floor(width / multiple + 0.5) * multiple);
  return nearest < 0.95 * width ? nearest + multiple : nearest;
}

/** Hidden width of squeeze-and-excitation: a quarter of the gated width, in multiples of 8. */
export function gateChannels(midChannels: number): number {
  return roundChannels(Math.floor(midChannels / 4), 8);
}

/** One block; undefined where it is skipped and leaves nothing. */
export function blockLayer(
  inChannels: number,
  stride: number,
  setting: BlockSetting,
  roundMid: number,
): Layer | undefined {
  const { kernel, expansion, channels: outChannels, se, activation } = setting;
  if (kernel === 0) {
    if (stride === 1 && inChannels === outChannels) return undefined;
    return { type: "conv", outChannels, kernel: 1, stride, batchNorm: true, activation: "none" };
  }
  const midChannels = roundChannels(inChannels * expansion, roundMid);
  const seChannels = se === 0 ? 0 : gateChannels(midChannels);
  return { type: "mbconv", midChannels, outChannels, kernel, stride, seChannels, activation };
}

/** Blocks that share one setting, one a stride; see `blockLayers`. */
export function blocksOf(
  inChannels: number,
  strides: readonly number[],
  setting: BlockSetting,
  roundMid: number,
): readonly (Layer | undefined)[] {
  return strides.map((stride, index) =>
    blockLayer(index === 0 ? inChannels : setting.channels, stride, setting, roundMid),
  );
}

/**
 * The layers of blocks that share one setting. A skipped block leaves nothing where the shape stays, else a 1x1 convolution with batch
 * normalization, so that samples that differ only in what a skipped block would have been give equal layers.
 * @param strides one a block.
 */
export function blockLayers(
  inChannels: number,
  strides: readonly number[],
  setting: BlockSetting,
  roundMid: number,
): readonly Layer[] {
  return blocksOf(inChannels, strides, setting, roundMid).filter((layer) => layer !== undefined);
}
