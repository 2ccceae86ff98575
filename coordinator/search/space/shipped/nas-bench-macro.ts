import { parseMbconvDefinition } from "../mbconv-definition.ts";
import { mbconvSpace } from "../mbconv-space.ts";
import type { Space } from "../space.ts";

const operations = [
  { name: "identity", kernel: 0 },
  { name: "k3e3", kernel: 3, expansion: 3 },
  { name: "k5e6", kernel: 5, expansion: 6 },
];

/** Layers and width of each stage; a stage's first layer halves the sides. */
const stages = [
  { layers: 2, channels: 64 },
  { layers: 3, channels: 128 },
  { layers: 3, channels: 256 },
];

/**
 * The 6,561 networks of NAS-Bench-Macro (arXiv 2103.11922) as graphs, for training them; their known accuracies are in the table of
 * data/nas-bench-macro, whose choices are the same.
 */
export function nasBenchMacro(): Space {
  const layers = stages.flatMap(({ layers, channels }, stage) =>
    Array.from({ length: layers }, (_, index) => ({
      block: `stage${stage + 1}`,
      channels,
      stride: index === 0 ? 2 : 1,
    })),
  );
  return mbconvSpace(
    parseMbconvDefinition({
      name: "nas-bench-macro",
      input: { height: 32, width: 32, channels: 3 },
      classes: 10,
      roundMid: 1,
      stem: { channels: 32 },
      blocks: layers.map((layer, index) => ({ name: `l${index + 1}`, ...layer, operations })),
      head: { channels: 1280 },
    }),
  );
}
