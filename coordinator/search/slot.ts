import { logSoftmax } from "./log-sum-exp.ts";

/**
 * One categorical distribution over the product of one or more choices.
 * Joint arms are numbered with the slot's last choice fastest (mixed radix).
 */
export interface Slot {
  /** Indices of the choices in the space, ascending. */
  readonly choices: readonly number[];
  /** Number of arms of each of `choices`. */
  readonly sizes: readonly number[];
  /** One logit for each joint arm. */
  readonly logits: readonly number[];
}

/** The joint arm that a sample (one arm for each choice of the space) takes in this slot. */
export function jointArm(slot: Slot, arms: readonly number[]): number {
  return slot.choices.reduce((joint, choice, place) => joint * (slot.sizes[place] ?? 1) + (arms[choice] ?? 0), 0);
}

/** The arm of each of the slot's choices, in their order, that a joint arm stands for. */
export function splitArm(slot: Slot, joint: number): number[] {
  const arms = slot.sizes.map(() => 0);
  let rest = joint;
  for (let place = slot.sizes.length - 1; place >= 0; place--) {
    const size = slot.sizes[place] ?? 1;
    arms[place] = rest % size;
    rest = Math.floor(rest / size);
  }
  return arms;
}

/** Entropy of one slot in nats; an arm of probability 0 adds nothing. */
export function slotEntropy(slot: Slot): number {
  let entropy = 0;
  for (const logProbability of logSoftmax(slot.logits)) {
    if (logProbability > -Infinity) entropy -= Math.exp(logProbability) * logProbability;
  }
  return Math.max(0, entropy);
}

/** The most probable joint arm; of equals the lowest. */
export function likeliestArm(slot: Slot): number {
  let likeliest = 0;
  slot.logits.forEach((logit, arm) => {
    if (logit > (slot.logits[likeliest] ?? -Infinity)) likeliest = arm;
  });
  return likeliest;
}
