import { uniformIndex, type Rng } from "../rng.ts";
import type { Posterior } from "./gaussian-process.ts";

/** A sample and the surrogate's mean of it. */
export interface Judged {
  readonly arms: readonly number[];
  readonly mean: number;
}

/** Arms of one choice that a step looks at: so many at most, drawn at random where the choice has more. */
const armsTried = 16;

/** Steps of a climb at most. */
const longestClimb = 10;

/**
 * Climbs the surrogate's mean one choice at a time, always to the highest acceptable neighbour, until none is higher.
 * Gives the samples it came to, the start left out, and the neighbours of the last: where the surrogate expects most near the start.
 * @param accepts asked of few samples, for it may be dear.
 */
export function climb(
  start: readonly number[],
  surrogate: Posterior,
  sizes: readonly number[],
  accepts: (arms: readonly number[]) => boolean,
  rng: Rng,
): Judged[] {
  const passed: Judged[] = [];
  let at: Judged = { arms: start, mean: surrogate.mean(surrogate.agreements(start)) };
  for (let step = 0; ; step++) {
    const neighbours = neighboursOf(at.arms, surrogate, sizes, rng);
    const { mean } = at;
    const next =
      step < longestClimb
        ? neighbours.find((neighbour) => neighbour.mean > mean && accepts(neighbour.arms))
        : undefined;
    if (next === undefined) return [...passed, ...neighbours];
    passed.push(next);
    at = next;
  }
}

/** Every sample that differs in one choice, of highest mean first. */
function neighboursOf(arms: readonly number[], surrogate: Posterior, sizes: readonly number[], rng: Rng): Judged[] {
  const agreements = surrogate.agreements(arms);
  const neighbours = sizes.flatMap((size, choice) => {
    const from = arms[choice] ?? 0;
    const others = otherArms(from, size, rng);
    const means = surrogate.meansAfter(agreements, choice, others);
    return others.map((arm, place) => ({ arms: arms.with(choice, arm), mean: means[place] ?? 0 }));
  });
  return neighbours.sort((left, right) => right.mean - left.mean);
}

function otherArms(arm: number, size: number, rng: Rng): number[] {
  if (size <= armsTried + 1) return Array.from({ length: size }, (_, other) => other).filter((other) => other !== arm);
  const others = Array.from({ length: armsTried }, () => uniformIndex(rng, size));
  return [...new Set(others)].filter((other) => other !== arm);
}
