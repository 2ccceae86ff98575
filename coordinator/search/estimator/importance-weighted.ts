import { softmax } from "../log-sum-exp.ts";
import { reward } from "../reward.ts";
import type { Estimator } from "./estimator.ts";

/**
 * The published form: m_k = w_k - β·C_k / Σ_j C_j with w = softmax of the log-likelihoods and C the cost hinge
 * (FP-NAS eq. 7). Where no draw exceeds the target the quotient is 0/0 and counts as 0.
 */
export const published: Estimator = {
  name: "published",
  description:
    "Importance weights minus beta times each draw's share of the cost hinges, as printed (arXiv 2011.10949, eq. 7).",
  multipliers(scores, { temperature, beta }) {
    const hinges = scores.reduce((sum, score) => sum + score.hinge, 0);
    const weights = softmax(scores.map((score) => temperature * score.merit));
    return scores.map((score, draw) => (weights[draw] ?? 0) - (hinges > 0 ? beta * (score.hinge / hinges) : 0));
  },
};

/** Importance weights of PARSEC (arXiv 1902.05116): m_k = w_k, the exact cost hinge subtracted from the accuracy first. */
export const uncentred: Estimator = {
  name: "uncentred",
  description:
    "Importance weights of accuracy (or log-likelihood) minus beta times the exact cost hinge (arXiv 1902.05116).",
  multipliers(scores, { temperature, beta }) {
    return softmax(scores.map((score) => temperature * reward(score, beta)));
  },
};

/**
 * The weights of `uncentred` minus 1/K: of equal expectation, since E[∇ ln P] = 0, with less variance,
 * and without the pull of plain sampling noise where all draws score alike.
 */
export const centred: Estimator = {
  name: "centred",
  description:
    "As uncentred, minus 1/K: the same expected direction with less noise; draws that score alike move nothing.",
  multipliers(scores, settings) {
    return uncentred.multipliers(scores, settings).map((weight) => weight - 1 / scores.length);
  },
};
