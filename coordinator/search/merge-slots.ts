import type { Distribution } from "./distribution.ts";
import { logSoftmax } from "./log-sum-exp.ts";
import type { Slot } from "./slot.ts";
import type { Choice } from "./space/space.ts";

/** Largest joint slot that a stage may ask for: its logits and moments stand in every snapshot. */
export const maxJointArms = 200_000;

/**
 * Goes from coarse to fine: slots whose choices share a block become one joint slot, in the order of their first choice.
 * A joint logit is the sum of its parts' log-probabilities, so every sample keeps its probability and the entropy stays
 * (FP-NAS section 3, coarse to fine). A block that already is one slot is left as it is.
 */
export function mergeSlots(distribution: Distribution, choices: readonly Choice[]): Distribution {
  const blocks = new Map<string, Slot>();
  for (const slot of distribution.slots) {
    const block = choices[slot.choices[0] ?? 0]?.block ?? "";
    const earlier = blocks.get(block);
    blocks.set(block, earlier === undefined ? slot : product(earlier, slot));
  }
  return { slots: [...blocks.values()] };
}

/** The largest block and its number of joint arms. */
export function largestBlock(choices: readonly Choice[]): { readonly block: string; readonly arms: number } {
  const sizes = new Map<string, number>();
  for (const { block, arms } of choices) sizes.set(block, (sizes.get(block) ?? 1) * arms.length);
  let largest = { block: "", arms: 0 };
  for (const [block, arms] of sizes) if (arms > largest.arms) largest = { block, arms };
  return largest;
}

/** The joint of two independent slots, the second's choices fastest. */
function product(slow: Slot, fast: Slot): Slot {
  const fastLogs = logSoftmax(fast.logits);
  return {
    choices: [...slow.choices, ...fast.choices],
    sizes: [...slow.sizes, ...fast.sizes],
    logits: logSoftmax(slow.logits).flatMap((slowLog) => fastLogs.map((fastLog) => slowLog + fastLog)),
  };
}
