import type { Score } from "../reward.ts";

/** What turns scores into likelihoods and costs into penalties. */
export interface EstimatorSettings {
  /** Log-likelihood of a network = temperature · merit. */
  readonly temperature: number;
  /** Weight of the cost term. */
  readonly beta: number;
}

/**
 * Turns the scores of a round's draws into the multipliers m_k of the gradient estimate
 * ∇L ≈ Σ_k m_k ∇(-ln P(A_k)) (FP-NAS eq. 7). Draws of one network come as often as they were drawn.
 */
export interface Estimator {
  readonly name: string;
  readonly description: string;
  /** One multiplier for each score, at least one score. */
  multipliers(scores: readonly Score[], settings: EstimatorSettings): readonly number[];
}
