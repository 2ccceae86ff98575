import { fbnetv2F, fbnetv2FFine } from "./shipped/fbnetv2-f.ts";
import { mbconvSmall } from "./shipped/mbconv-small.ts";
import { nasBenchMacro } from "./shipped/nas-bench-macro.ts";
import type { Space } from "./space.ts";

/** A space that needs no file. */
export interface ShippedSpace {
  /** One line for lists of spaces. */
  readonly description: string;
  readonly make: () => Space;
}

/** The shipped spaces by name; a new one is a file and a line here. */
export const shippedSpaces: ReadonlyMap<string, ShippedSpace> = new Map<string, ShippedSpace>([
  [
    "mbconv-small",
    {
      description: "28x28 grey images, 10 classes, 5 blocks, 0.06 to 3.3 M MACs; small enough for a CPU",
      make: mbconvSmall,
    },
  ],
  [
    "fbnetv2-f",
    { description: "FP-NAS's FBNetV2-F: 224x224 images, 1000 classes, 10 groups that share choices", make: fbnetv2F },
  ],
  [
    "fbnetv2-f-fine",
    { description: "FBNetV2-F in which each of the 17 blocks chooses for itself", make: fbnetv2FFine },
  ],
  [
    "nas-bench-macro",
    { description: "NAS-Bench-Macro's 6,561 networks for 32x32 images, 10 classes, to train", make: nasBenchMacro },
  ],
]);
