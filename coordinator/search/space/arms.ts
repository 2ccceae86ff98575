import type { Choice } from "./space.ts";

/** @throws RangeError unless there is one arm for each choice, each an index of its arms. */
export function checkArms(choices: readonly Choice[], arms: readonly number[]): void {
  if (arms.length !== choices.length) {
    throw new RangeError(`a sample needs ${choices.length} arms, one a choice; this one has ${arms.length}`);
  }
  for (const [index, choice] of choices.entries()) {
    if (choice.arms[arms[index] ?? -1] === undefined) {
      throw new RangeError(`arm ${String(arms[index])} of ${choice.name} is not from 0 to ${choice.arms.length - 1}`);
    }
  }
}
