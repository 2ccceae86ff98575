import { z } from "zod";
import { logProbabilities, sampler, uniformDistribution, type Distribution } from "../distribution.ts";
import { reward } from "../reward.ts";
import { temperedWeights } from "../surrogate/tempered-weights.ts";
import { normalScores } from "../surrogate/normal-scores.ts";
import type { Algorithm, AlgorithmEntry } from "./algorithm.ts";
import { measuredOnly, remember, type Entry, type Measured } from "./archive.ts";
import { inSlots, mixUniform, moveTowards, type WeightedSample } from "./mixture.ts";
import { drawCount, share } from "./settings.ts";
import { drawUnseen, seenKeys } from "./unseen.ts";

const settings = z.strictObject({
  k: drawCount(4, 1).describe("Draws a round, after the first."),
  n0: drawCount(8, 1).describe("Draws of the first round, uniform over the space."),
  eta: share(0.5).describe(
    "Share of the distribution that a round replaces, 0 to 1: 0.5 for 4 draws a round, 0.15 for one (measured).",
  ),
  uniformShare: share(0.1).describe("Share of the uniform distribution in every draw, 0 to 1."),
  sampleShare: share(0.15).describe(
    "Effective sample size of the weights, as a share of the results; at least 3 results. It takes the place of a temperature.",
  ),
  clip: z
    .number()
    .min(1)
    .default(5)
    .describe("Largest correction, up or down, for a result's probability now against that when it was drawn."),
});

/** A result with ln of the probability that it was drawn with. */
interface ArchiveEntry extends Entry {
  readonly logDrawn: number;
}

interface ArchiveState {
  readonly distribution: Distribution;
  readonly archive: readonly ArchiveEntry[];
}

/**
 * FP-NAS over an archive: every update weighs all results so far, each network once, by the normal scores of their ranks,
 * corrected for the distribution they were drawn from, and moves the distribution towards them. No network is drawn twice.
 */
export const fpNasArchive: AlgorithmEntry<z.infer<typeof settings>> = {
  name: "fp-nas-archive",
  description:
    "Empirical Bayes over all results so far by their ranks: no temperature, no network twice, no surrogate.",
  settings,
  create(chosen, problem): Algorithm<ArchiveState> {
    const drawnFrom = ({ archive, distribution }: ArchiveState): Distribution =>
      mixUniform(distribution, archive.length === 0 ? 1 : chosen.uniformShare);
    return {
      converges: false,
      leastDraws: 1,
      init: () => ({ distribution: uniformDistribution(problem.choices), archive: [] }),
      roundSize: (_, { archive }) => (archive.length === 0 ? chosen.n0 : chosen.k),
      draw(state, count, stream, pending) {
        const sample = sampler(drawnFrom(state));
        const taken = seenKeys(state.archive, pending);
        return Array.from({ length: count }, (_, draw) => drawUnseen(sample, stream(draw), taken));
      },
      update(state, draws) {
        const logDrawn = logProbabilities(drawnFrom(state));
        const entries = draws.map((draw) => ({ ...draw, logDrawn: logDrawn(draw.arms) + 0 }));
        const archive = remember(state.archive, entries, (score) => reward(score, problem.beta));
        const weighted = weigh(measuredOnly(archive), state.distribution, chosen, problem.beta);
        const distribution =
          weighted.length === 0 ? state.distribution : moveTowards(state.distribution, weighted, chosen.eta);
        return { distribution, archive };
      },
      distribution: (state) => state.distribution,
      enterStage: (state, slots) => ({ ...state, distribution: inSlots(state.distribution, slots, problem) }),
    };
  },
};

/** Tempered normal scores times the clipped ratio of probabilities, summing to 1. */
function weigh(
  results: readonly Measured<ArchiveEntry>[],
  now: Distribution,
  { sampleShare, clip }: z.infer<typeof settings>,
  beta: number,
): WeightedSample[] {
  const scores = normalScores(results.map(({ score }) => reward(score, beta)));
  const tempered = temperedWeights(scores, Math.max(3, sampleShare * results.length));
  const logNow = logProbabilities(now);
  const weights = results.map(({ arms, logDrawn }, index) => {
    const ratio = Math.exp(logNow(arms) - logDrawn);
    return (tempered[index] ?? 0) * Math.min(clip, Math.max(1 / clip, ratio));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return results.map(({ arms }, index) => ({ arms, weight: (weights[index] ?? 0) / sum }));
}
