import { softmax } from "./log-sum-exp.ts";
import type { DrawList, JobState, OpenRound, RoundDraw } from "./job-state.ts";
import { keepDraws } from "./draw-list.ts";
import type { Command, MergedUpdate, SupernetSearch } from "./types.ts";

/** The draws of a closed round that count, and how many ended too late: more than `staleness` rounds after the round that made them. */
export function withoutStale<Round extends OpenRound>(
  round: Round,
  { staleness }: SupernetSearch,
): readonly [Round, stale: number] {
  const isFresh = (draw: RoundDraw): boolean => round.number - draw.round <= staleness;
  const hasEnded = ({ network }: RoundDraw): boolean => round.networks[network]?.outcome !== null;
  const stale = round.draws.filter((draw) => hasEnded(draw) && !isFresh(draw)).length;
  return stale === 0 ? [round, 0] : [{ ...round, ...keepDraws(round, isFresh) }, stale];
}

/**
 * What the trained draws of a round change, in the order of their trials: w_k = softmax of t_k, the log-likelihood per example of draw k's
 * first train batch under the weights that it was given (PARSEC, arXiv 1902.05116), or 1/K each.
 */
export function mergedUpdates({ draws, networks }: DrawList, { merge }: SupernetSearch): readonly MergedUpdate[] {
  const trained = draws.flatMap(({ network }) => {
    const outcome = networks[network]?.outcome;
    if (outcome?.type !== "completed") return [];
    const { trainLoss, update } = outcome.measurement;
    return trainLoss === undefined || update === undefined ? [] : [{ logLikelihood: -trainLoss, update }];
  });
  const weights = softmax(trained.map(({ logLikelihood }) => (merge === "equal" ? 0 : logLikelihood)));
  return trained.map(({ update }, place) => ({ sha256: update.sha256, weight: weights[place] ?? 0 }));
}

/** The state that waits for the version after the last closed round's, and the command that makes it. */
export function beginMerge(
  state: JobState,
  updates: readonly MergedUpdate[],
  underWay: DrawList,
): readonly [JobState, readonly Command[]] {
  const round = state.rounds;
  return [
    { ...state, merging: { round, updates, underWay, isDone: false } },
    [{ type: "mergeWeights", round, updates }],
  ];
}
