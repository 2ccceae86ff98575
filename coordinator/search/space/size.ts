import type { Space } from "./space.ts";

/** Natural logarithm of the number of samples: the entropy of the uniform distribution over them, in nats. */
export function spaceLogSize(space: Space): number {
  return space.choices.reduce((sum, { arms }) => sum + Math.log(arms.length), 0);
}

/** The number of samples, exactly; different samples may mean the same network. */
export function spaceSize(space: Space): bigint {
  return space.choices.reduce((product, { arms }) => product * BigInt(arms.length), 1n);
}
