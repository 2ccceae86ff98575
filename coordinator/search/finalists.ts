import { networkHash } from "../../network/canonical.ts";
import type { Candidate } from "./best.ts";
import type { SearchContext } from "./context.ts";
import { mode, sampler } from "./distribution.ts";
import type { JobState } from "./job-state.ts";
import { hinge } from "./reward.ts";
import { namedStream } from "./rng.ts";
import { candidateOf, planTrial } from "./round.ts";
import type { PlannedTrial, TrialId } from "./types.ts";

/** Finalists beside the mode. */
const rivals = 7;

/** Draws that they are taken from. */
const draws = 256;

/**
 * The trials among which a supernet's search chooses its answer, numbered from `firstTrial`: the mode of the distribution, and up to 7 other
 * networks of 256 draws from it (streams "finalists/sample/I"), those that exceed the cost targets least, of equals the first drawn. All are scored
 * alike, by the last version of the shared weights and the whole validation part: rewards of the search are of other weights each round.
 */
export function planFinalists(state: JobState, firstTrial: TrialId, context: SearchContext): readonly PlannedTrial[] {
  const { algorithm, space, spec } = context;
  const distribution = algorithm.distribution(state.algorithm);
  const likeliest = mode(distribution);
  const sample = sampler(distribution);
  const found = new Map<string, readonly number[]>();
  for (let draw = 0; draw < draws; draw++) {
    const arms = sample(namedStream(state.seed, `finalists/sample/${draw}`));
    const hash = networkHash(space.decode(arms));
    if (!found.has(hash)) found.set(hash, arms);
  }
  found.delete(networkHash(space.decode(likeliest)));
  const excess = (arms: readonly number[]): number => hinge(space.cost(arms), spec.cost) ?? Infinity;
  const others = [...found.values()].map((arms) => ({ arms, excess: excess(arms) }));
  others.sort((a, b) => (a.excess === b.excess ? 0 : a.excess - b.excess));
  return [likeliest, ...others.slice(0, rivals).map(({ arms }) => arms)].map((arms, index) =>
    planTrial(context, arms, {
      trial: firstTrial + index,
      role: "finalist",
      hash: networkHash(space.decode(arms)),
      round: state.rounds + 1,
      earlier: null,
    }),
  );
}

/** The finalists that were measured, in order. */
export function finalistCandidates({ finalists }: JobState, context: SearchContext): Candidate[] {
  return finalists.flatMap(({ trial, arms, outcome }) =>
    outcome?.type === "completed" ? [candidateOf(trial, arms, outcome.measurement, context)] : [],
  );
}
