import { parseMbconvDefinition } from "../mbconv-definition.ts";
import { mbconvSpace } from "../mbconv-space.ts";
import type { Space } from "../space.ts";

/**
 * A space for 28x28 grey images and one CPU core: 0.06 to 3.3 M MACs. Width, depth (three blocks can be skipped), kernels, expansions and gates
 * are searched; ranges are wide enough that networks of equal MACs differ by how they spend them. The stem halves the image at once, since
 * at full resolution it would cost more than all the rest.
 */
export function mbconvSmall(): Space {
  return mbconvSpace(
    parseMbconvDefinition({
      name: "mbconv-small",
      input: { height: 28, width: 28, channels: 1 },
      classes: 10,
      stem: { channels: 8, stride: 2 },
      blocks: [
        { name: "block1", channels: [8, 16], kernel: [0, 3, 5], expansion: [1, 3, 6] },
        { name: "block2", stride: 2, channels: [8, 16, 24], kernel: [3, 5], expansion: [1, 3, 6], se: [0, 1] },
        { name: "block3", channels: [8, 16, 24, 32], kernel: [0, 3, 5], expansion: [1, 3, 6], se: [0, 1] },
        { name: "block4", stride: 2, channels: [16, 32, 48, 64], kernel: [3, 5], expansion: [1, 3, 6], se: [0, 1] },
        { name: "block5", channels: [16, 32, 48, 64], kernel: [0, 3, 5], expansion: [1, 3, 6], se: [0, 1] },
      ],
      head: { channels: 128 },
    }),
  );
}
