import type { Space } from "./space.ts";

/** The choices of each block as indices into the space's choices; blocks in the order in which they first occur. */
export function blockGroups(space: Space): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [index, { block }] of space.choices.entries()) {
    const group = groups.get(block);
    if (group === undefined) groups.set(block, [index]);
    else group.push(index);
  }
  return [...groups.values()];
}
