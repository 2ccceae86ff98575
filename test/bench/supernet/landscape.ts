import { blockGroups } from "../../../coordinator/search/space/block-groups.ts";
import type { Space } from "../../../coordinator/search/space/space.ts";
import { cholesky, solveLower, solveUpper } from "../../../coordinator/search/surrogate/cholesky.ts";
import { mean } from "./statistics.ts";

/** A draw as the shared weights of its round scored it. */
export interface ScoredDraw {
  readonly arms: readonly number[];
  readonly round: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
}

/** What networks score, in nats, as far as draws of shared weights tell it. */
export interface FittedLandscape {
  /** Mean log-likelihood; 0 for the mean of the draws. */
  readonly score: (arms: readonly number[]) => number;
  /** Standard deviation of what the draws scored about it: of other batches, of weights that move, and of all that it has no term for. */
  readonly noise: number;
  /** Share of the variance within rounds that it explains, of the draws it was fitted to. */
  readonly explained: number;
}

/** Pulls of the terms of one choice, and of two choices of a block, towards zero, in draws. */
const pullOfOne = 4;
const pullOfTwo = 20;

/**
 * Fits draws by a term for each arm and one for each pair of arms within a block: ridge regression on the differences from the mean of each
 * round, as accuracies of different rounds are of different weights.
 */
export function fitLandscape(space: Space, draws: readonly ScoredDraw[]): FittedLandscape {
  const { choices } = space;
  const pulls: number[] = [];
  const terms: ((arms: readonly number[]) => number)[] = [];
  choices.forEach(({ arms: { length } }, choice) => {
    const start = pulls.length;
    for (let arm = 0; arm < length; arm += 1) pulls.push(pullOfOne);
    terms.push((arms) => start + (arms[choice] ?? 0));
  });
  for (const group of blockGroups(space)) {
    group.forEach((left, place) => {
      for (const right of group.slice(place + 1)) {
        const start = pulls.length;
        const width = choices[right]?.arms.length ?? 0;
        for (let pair = 0; pair < (choices[left]?.arms.length ?? 0) * width; pair += 1) pulls.push(pullOfTwo);
        terms.push((arms) => start + (arms[left] ?? 0) * width + (arms[right] ?? 0));
      }
    });
  }
  const size = pulls.length;
  const rows: Float64Array[] = [];
  const targets: number[] = [];
  const byRound = new Map<number, ScoredDraw[]>();
  for (const draw of draws) byRound.set(draw.round, [...(byRound.get(draw.round) ?? []), draw]);
  for (const round of byRound.values()) {
    const average = mean(round.map(({ loss }) => loss));
    const centre = new Float64Array(size);
    for (const { arms } of round)
      for (const term of terms) centre[term(arms)] = (centre[term(arms)] ?? 0) + 1 / round.length;
    for (const { arms, loss } of round) {
      const row = centre.map((share) => -share);
      for (const term of terms) row[term(arms)] = (row[term(arms)] ?? 0) + 1;
      rows.push(row);
      targets.push(average - loss);
    }
  }
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  rows.forEach((row, index) => {
    for (let a = 0; a < size; a += 1) {
      const value = row[a] ?? 0;
      if (value === 0) continue;
      right[a] = (right[a] ?? 0) + value * (targets[index] ?? 0);
      for (let b = 0; b <= a; b += 1) matrix[a * size + b] = (matrix[a * size + b] ?? 0) + value * (row[b] ?? 0);
    }
  });
  pulls.forEach((pull, place) => (matrix[place * size + place] = (matrix[place * size + place] ?? 0) + pull));
  const factor = cholesky(size, matrix);
  const weights = solveUpper(factor, solveLower(factor, right));
  const rest = rows.map(
    (row, index) => (targets[index] ?? 0) - row.reduce((sum, value, a) => sum + value * (weights[a] ?? 0), 0),
  );
  const square = (values: readonly number[]): number => mean(values.map((value) => value ** 2));
  return {
    score: (arms) => terms.reduce((sum, term) => sum + (weights[term(arms)] ?? 0), 0),
    // The mean of a round is taken from the draws themselves.
    noise: Math.sqrt((square(rest) * draws.length) / (draws.length - byRound.size)),
    explained: 1 - square(rest) / square(targets),
  };
}
