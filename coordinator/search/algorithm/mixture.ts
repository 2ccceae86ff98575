import { uniformDistribution, type Distribution } from "../distribution.ts";
import { softmax } from "../log-sum-exp.ts";
import { mergeSlots } from "../merge-slots.ts";
import { jointArm, type Slot } from "../slot.ts";
import type { StageSpec } from "../types.ts";
import type { Problem } from "./algorithm.ts";

/** Probabilities below this are raised to it: their logarithms stay finite, as JSON needs. */
const leastProbability = 1e-12;

/** A sample and its share of what is learned. */
export interface WeightedSample {
  readonly arms: readonly number[];
  readonly weight: number;
}

/** Each slot a mixture of the distribution's, with 1 - share, and the uniform one over its joint arms. */
export function mixUniform(distribution: Distribution, share: number): Distribution {
  return withProbabilities(distribution, (slot) => {
    const { length } = slot.logits;
    return softmax(slot.logits).map((probability) => (1 - share) * probability + share / length);
  });
}

/** π ← (1 - rate) π + rate Σ w_i · onehot(A_i), slot by slot; the weights sum to 1. */
export function moveTowards(
  distribution: Distribution,
  samples: readonly WeightedSample[],
  rate: number,
): Distribution {
  return withProbabilities(distribution, (slot) => {
    const row = softmax(slot.logits).map((probability) => (1 - rate) * probability);
    for (const { arms, weight } of samples) {
      const joint = jointArm(slot, arms);
      row[joint] = (row[joint] ?? 0) + rate * weight;
    }
    return row;
  });
}

/** The distribution in the slots that a stage wants; the same object where it has them. */
export function inSlots(distribution: Distribution, slots: StageSpec["slots"], { choices }: Problem): Distribution {
  if (slots === "factorized") return distribution;
  const merged = mergeSlots(distribution, choices);
  return merged.slots.length === distribution.slots.length ? distribution : merged;
}

/** Frequencies of the arms among the members and one uniform member more, for algorithms that hold networks instead of a distribution. */
export function frequencies(
  members: readonly (readonly number[])[],
  slots: StageSpec["slots"],
  problem: Problem,
): Distribution {
  const uniform = inSlots(uniformDistribution(problem.choices), slots, problem);
  if (members.length === 0) return uniform;
  const samples = members.map((arms) => ({ arms, weight: 1 / members.length }));
  return moveTowards(uniform, samples, members.length / (members.length + 1));
}

function withProbabilities(distribution: Distribution, row: (slot: Slot) => readonly number[]): Distribution {
  return {
    slots: distribution.slots.map((slot) => ({
      ...slot,
      logits: row(slot).map((probability) => Math.log(Math.max(leastProbability, probability)) + 0),
    })),
  };
}
