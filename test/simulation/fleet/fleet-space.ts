import { fbnetv2Definition } from "../../../coordinator/search/space/shipped/fbnetv2-f.ts";
import { shippedSpaces } from "../../../coordinator/search/space/registry.ts";
import type { Graph } from "../../../network/types.ts";
import { sliceSize } from "../../../network/weights-codec.ts";
import { sha256 } from "../../support/scheduling-table.ts";

export const fleetSpaceNames = ["mbconv-small", "fbnetv2-f"] as const;
export type FleetSpaceName = (typeof fleetSpaceNames)[number];

/** A space that a fleet searches. */
export interface FleetSpace {
  /** What a spec says. */
  readonly space: string | { readonly file: string };
  /** The file that it names. */
  readonly file: { readonly path: string; readonly sha256: string; readonly bytes: Uint8Array } | null;
  /** The network whose weights travel and whose layers are computed, of the one that a lease brings. */
  readonly realOf: (graph: Graph) => Graph;
  /** All shared weights, in float32. */
  readonly bytes: number;
}

/**
 * FBNetV2-F is for ImageNet, which is no data set of ours: the job searches its space over MNIST, and every network is then taken as the one for
 * 224x224 images of 1,000 classes that has the same blocks.
 */
export function fleetSpace(name: FleetSpaceName): FleetSpace {
  const tensors = shippedSpaces.get(name)?.make().supernet?.().tensors ?? [];
  const bytes = tensors.reduce((sum, tensor) => sum + 4 * sliceSize(tensor), 0);
  if (name === "mbconv-small") return { space: name, file: null, realOf: (graph) => graph, bytes };
  const published = fbnetv2Definition(name, "shared");
  const forMnist = { ...published, input: { height: 28, width: 28, channels: 1 }, classes: 10 };
  const text = Buffer.from(JSON.stringify(forMnist));
  const path = `${name}.json`;
  const realOf = (graph: Graph): Graph => ({
    ...graph,
    input: published.input,
    layers: graph.layers.map((layer) => (layer.type === "dense" ? { ...layer, units: published.classes } : layer)),
  });
  return { space: { file: path }, file: { path, sha256: sha256(text), bytes: text }, realOf, bytes };
}
