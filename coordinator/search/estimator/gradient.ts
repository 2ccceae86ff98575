import type { Distribution } from "../distribution.ts";
import { softmax } from "../log-sum-exp.ts";
import { jointArm } from "../slot.ts";

/** A draw (one arm for each choice of the space) and its multiplier. */
export interface WeightedDraw {
  readonly arms: readonly number[];
  readonly multiplier: number;
}

/**
 * Closed form of Σ_k m_k ∇(-ln P(A_k)) for softmax logits, a row for each slot:
 * gradient_j = p_j · Σ_k m_k - Σ of m_k over the draws whose joint arm is j.
 */
export function logitGradient(distribution: Distribution, draws: readonly WeightedDraw[]): number[][] {
  const total = draws.reduce((sum, draw) => sum + draw.multiplier, 0);
  return distribution.slots.map((slot) => {
    const gradient = softmax(slot.logits).map((probability) => probability * total);
    for (const { arms, multiplier } of draws) {
      const joint = jointArm(slot, arms);
      gradient[joint] = (gradient[joint] ?? 0) - multiplier;
    }
    return gradient;
  });
}
