import { mbconvSpace } from "../mbconv-space.ts";
import { parseMbconvDefinition } from "../mbconv-definition.ts";
import type { Space } from "../space.ts";

/** Both ends and every step between, like the (min, max, step) of the paper's tables. */
function range(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);
}

const expansion = range(0.75, 4.5, 0.75);

/** FP-NAS (arXiv 2011.10949), Table 1: searched expansions and channels, repeats and strides of the groups. */
const groups = [
  { name: "group1", expansion: 1, channels: range(12, 16, 4) },
  { name: "group2", expansion, channels: range(16, 24, 4), stride: 2 },
  { name: "group3", expansion, channels: range(16, 24, 4), repeat: 2 },
  { name: "group4", expansion, channels: range(16, 40, 8), stride: 2 },
  { name: "group5", expansion, channels: range(16, 40, 8), repeat: 2 },
  { name: "group6", expansion, channels: range(48, 80, 8), stride: 2 },
  { name: "group7", expansion, channels: range(48, 80, 8), repeat: 2 },
  { name: "group8", expansion, channels: range(72, 112, 8), repeat: 3 },
  { name: "group9", expansion, channels: range(112, 184, 8), stride: 2 },
  { name: "group10", expansion, channels: range(112, 184, 8), repeat: 3 },
];

/** Table 2's micro choices of FBNetV2: kernel (0 skips the layer), squeeze-and-excitation, non-linearity. */
const micro = { kernel: [0, 3, 5], se: [0, 1], activation: ["relu", "swish"] };

/** A definition of FBNetV2-F as a file of a space would have it; the blocks of a group share their choices or make each their own. */
export function fbnetv2Definition(name: string, choices: "shared" | "each") {
  return {
    name,
    input: { height: 224, width: 224, channels: 3 },
    classes: 1000,
    // The paper leaves the stem's and head's non-linearity open; FBNetV2 has swish (hard swish) there.
    activation: "swish",
    stem: { channels: 16, stride: 2 },
    blocks: groups.map((group) => ({ ...group, ...micro, choices })),
    head: { channels: 1984 },
  };
}

/** FBNetV2-F: the blocks of a group share their choices. 2.696e24 samples, 56.25 nats. */
export function fbnetv2F(): Space {
  return mbconvSpace(parseMbconvDefinition(fbnetv2Definition("fbnetv2-f", "shared")));
}

/** FBNetV2-F-Fine: every block makes all its choices for itself. 5.840e42 samples, 98.47 nats. */
export function fbnetv2FFine(): Space {
  return mbconvSpace(parseMbconvDefinition(fbnetv2Definition("fbnetv2-f-fine", "each")));
}
