import type { Layer } from "../../../network/types.ts";
import type { Random } from "../../../network/random.ts";
import type { Block } from "../block.ts";

/** Builds one kind of layer for an input of that many channels, its weights drawn from `random`. */
export type BuildLayer<Type extends Layer["type"]> = (
  layer: Extract<Layer, { readonly type: Type }>,
  inChannels: number,
  random: Random,
) => Block;
