import { networkHash } from "../../network/canonical.ts";
import type { Candidate } from "./best.ts";
import type { SearchContext } from "./context.ts";
import { namedStream, uniformIndex } from "./rng.ts";
import { planTrial } from "./round.ts";
import type { FinalSummary, PlannedTrial, Seed, TrialId } from "./types.ts";

/** Tries for each random network; one in a thousand networks as large as the answer is found all but surely. */
const randomTries = 10_000;

/**
 * Trials of the final training, numbered from `firstTrial`: the answer, `random` random networks and the largest of the space.
 * Random networks are uniform among those with no fewer MACs than the answer (among all, where its cost is not known),
 * distinct from it and from each other; where one is not found in 10,000 tries, it and those after it are left out.
 * The largest is left out where no cost is known.
 */
export function planFinals(
  answer: Candidate,
  seed: Seed,
  firstTrial: TrialId,
  context: SearchContext,
): readonly PlannedTrial[] {
  const { spec, space } = context;
  if (spec.final === null) return [];
  const samples: { role: FinalSummary["role"]; arms: readonly number[] }[] = [
    { role: "finalAnswer", arms: answer.arms },
  ];
  const taken = new Set([networkHash(space.decode(answer.arms))]);
  for (let index = 0; index < spec.final.random; index++) {
    const arms = randomRival(answer, taken, seed, index, space);
    if (arms === null) break;
    taken.add(networkHash(space.decode(arms)));
    samples.push({ role: "finalRandom", arms });
  }
  const largest = spec.final.largest ? space.largest() : undefined;
  if (largest !== undefined) samples.push({ role: "finalLargest", arms: largest });
  return samples.map(({ role, arms }, index) =>
    planTrial(context, arms, {
      trial: firstTrial + index,
      role,
      hash: networkHash(space.decode(arms)),
      round: 0,
      earlier: null,
    }),
  );
}

/** By rejection, from the stream "final/random/I". */
function randomRival(
  answer: Candidate,
  taken: ReadonlySet<string>,
  seed: Seed,
  index: number,
  space: SearchContext["space"],
): number[] | null {
  const stream = namedStream(seed, `final/random/${index}`);
  const rejected = new Set<string>();
  for (let attempt = 0; attempt < randomTries; attempt++) {
    const arms = space.choices.map((choice) => uniformIndex(stream, choice.arms.length));
    const key = arms.join();
    if (rejected.has(key)) continue;
    const isLargeEnough = answer.macs === null || (space.cost(arms)?.macs ?? -1) >= answer.macs;
    if (isLargeEnough && !taken.has(networkHash(space.decode(arms)))) return arms;
    rejected.add(key);
  }
  return null;
}
