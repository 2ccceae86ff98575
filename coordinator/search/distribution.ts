import { logSoftmax, softmax } from "./log-sum-exp.ts";
import type { Rng } from "./rng.ts";
import { jointArm, likeliestArm, slotEntropy, splitArm, type Slot } from "./slot.ts";
import type { SlotSummary } from "./types.ts";
import type { Choice } from "./space/space.ts";

/**
 * The distribution over architectures: P(A) = Π over slots of P(A's joint arm of the slot), slots independent
 * (FP-NAS, arXiv 2011.10949, section 3). Every choice of the space stands in exactly one slot.
 */
export interface Distribution {
  readonly slots: readonly Slot[];
}

/** All architectures alike: a slot for each choice, every logit 0. */
export function uniformDistribution(choices: readonly Choice[]): Distribution {
  return {
    slots: choices.map(({ arms }, choice) => ({
      choices: [choice],
      sizes: [arms.length],
      logits: arms.map(() => 0),
    })),
  };
}

/** Entropy in nats: the sum over the independent slots. */
export function entropy(distribution: Distribution): number {
  return distribution.slots.reduce((sum, slot) => sum + slotEntropy(slot), 0);
}

/** ln P of one sample. */
export function logProbability(distribution: Distribution, arms: readonly number[]): number {
  return logProbabilities(distribution)(arms);
}

/** ln P of any sample; the logarithms are taken once. */
export function logProbabilities(distribution: Distribution): (arms: readonly number[]) => number {
  const tables = distribution.slots.map((slot) => ({ slot, logs: logSoftmax(slot.logits) }));
  return (arms) => tables.reduce((sum, { slot, logs }) => sum + (logs[jointArm(slot, arms)] ?? -Infinity), 0);
}

/** Makes a sampler by inverse CDF that reads one number for each slot, in slot order; the sums are built once. */
export function sampler(distribution: Distribution): (rng: Rng) => number[] {
  const tables = distribution.slots.map((slot) => ({ slot, cumulative: runningSums(softmax(slot.logits)) }));
  return (rng) => {
    const arms: number[] = [];
    for (const { slot, cumulative } of tables) {
      const joint = firstAbove(cumulative, rng.uniform() * (cumulative.at(-1) ?? 1));
      splitArm(slot, joint).forEach((arm, place) => (arms[slot.choices[place] ?? 0] = arm));
    }
    return arms;
  };
}

/** Probability of each arm of each choice, summed over the other choices of its slot; in the order of the space's choices. */
export function marginals(distribution: Distribution): number[][] {
  const result: number[][] = [];
  for (const slot of distribution.slots) {
    const sums = slot.sizes.map((size) => new Array<number>(size).fill(0));
    softmax(slot.logits).forEach((probability, joint) => {
      splitArm(slot, joint).forEach((arm, place) => {
        const row = sums[place];
        if (row !== undefined) row[arm] = (row[arm] ?? 0) + probability;
      });
    });
    slot.choices.forEach((choice, place) => (result[choice] = sums[place] ?? []));
  }
  return result;
}

/** The most probable sample: the argmax of each slot, of equals the lowest joint arm. */
export function mode(distribution: Distribution): number[] {
  const arms: number[] = [];
  for (const slot of distribution.slots) {
    splitArm(slot, likeliestArm(slot)).forEach((arm, place) => (arms[slot.choices[place] ?? 0] = arm));
  }
  return arms;
}

/** The slots by name, for results. */
export function slotSummaries(distribution: Distribution, choices: readonly Choice[]): SlotSummary[] {
  return distribution.slots.map((slot) => ({
    choices: slot.choices.map((choice) => choices[choice]?.name ?? ""),
    probabilities: softmax(slot.logits),
  }));
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** Index of the first entry above `target`: an arm of probability 0 repeats the entry before it and is never found. */
function firstAbove(sums: readonly number[], target: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
