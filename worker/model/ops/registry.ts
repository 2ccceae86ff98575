import type { Layer } from "../../../network/types.ts";
import { EvaluationError } from "../../evaluator/evaluator.ts";
import type { Random } from "../../../network/random.ts";
import type { Block } from "../block.ts";
import type { BuildLayer } from "./build-layer.ts";
import { buildConv } from "./conv.ts";
import { buildDense } from "./dense.ts";
import { buildGlobalPool } from "./global-pool.ts";
import { buildMbConv } from "./mbconv.ts";

/** What builds each kind of layer: a new kind is one file and one line here, and the compiler asks for it. */
const builders: { readonly [Type in Layer["type"]]: BuildLayer<Type> } = {
  conv: buildConv,
  mbconv: buildMbConv,
  globalPool: buildGlobalPool,
  dense: buildDense,
};

/** Builds a layer. @throws EvaluationError `unknown_operation` for a kind that this worker does not know. */
export function buildLayer(layer: Layer, inChannels: number, random: Random): Block {
  // A newer coordinator may send what the types here do not have.
  const type: string = layer.type;
  if (!Object.hasOwn(builders, type)) {
    throw new EvaluationError("unknown_operation", `This worker has no operation "${type}".`);
  }
  const build = builders[layer.type] as BuildLayer<Layer["type"]>;
  return build(layer, inChannels, random);
}
