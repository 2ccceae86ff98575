import { networkHash } from "../../network/canonical.ts";
import type { TrainedWeights } from "../../network/measurement.ts";
import type { Candidate } from "./best.ts";
import type { SearchContext } from "./context.ts";
import type { FinalTrial, JobState } from "./job-state.ts";
import { namedStream, uniformIndex } from "./rng.ts";
import { planTrial } from "./round.ts";
import type { FinalSummary, PlannedTrial, Seed, TrialId } from "./types.ts";

/** Tries for each random network; one in a thousand networks as large as the answer is found all but surely. */
const randomTries = 10_000;

/** A network to be trained in the end. */
interface FinalNetwork {
  readonly role: FinalSummary["role"];
  readonly arms: readonly number[];
}

/**
 * The trials of the final training that come next, numbered from `firstTrial`: of the answer, `random` random networks and the largest of the
 * space, all at once; where the largest is the teacher, it alone, and once it has ended (either way) the others. None where all are planned.
 * Random networks are uniform among those with no fewer MACs than the answer (among all, where its cost is not known),
 * distinct from it and from each other; where one is not found in 10,000 tries, it and those after it are left out.
 * The largest is left out where no cost is known: then there is no teacher.
 */
export function planFinals(state: JobState, firstTrial: TrialId, context: SearchContext): readonly PlannedTrial[] {
  const { spec, space } = context;
  const { answer, finals, rounds } = state;
  if (spec.final === null || answer === null || finals.some(({ role }) => role === "finalAnswer")) return [];
  const { final } = spec;
  const arms = final.largest || final.teacher !== undefined ? space.largest() : undefined;
  const largest: readonly FinalNetwork[] = arms === undefined ? [] : [{ role: "finalLargest", arms }];
  const rivals = (): readonly FinalNetwork[] => answerAndRandom(answer, final.random, state.seed, context);
  const isFirst = finals.length === 0;
  const comesFirst = final.teacher !== undefined && arms !== undefined;
  const networks = comesFirst ? (isFirst ? largest : rivals()) : [...rivals(), ...largest];
  return networks.map((network, index) =>
    planTrial(context, network.arms, {
      trial: firstTrial + index,
      role: network.role,
      hash: networkHash(space.decode(network.arms)),
      round: final.fromSlice === true ? rounds + 1 : 0,
      earlier: null,
    }),
  );
}

/** The planned trials as the state keeps them. */
export function finalTrials(planned: readonly PlannedTrial[]): readonly FinalTrial[] {
  return planned.flatMap(({ role, trial, arms }) =>
    role === "search" || role === "finalist" ? [] : [{ role, trial, arms, outcome: null }],
  );
}

/** The weights of the largest network, from which others may learn; null where its training failed, has not ended or is none. */
export function largestWeights({ finals }: Pick<JobState, "finals">): TrainedWeights | null {
  const outcome = finals.find(({ role }) => role === "finalLargest")?.outcome;
  return outcome?.type === "completed" ? (outcome.measurement.weights ?? null) : null;
}

function answerAndRandom(
  answer: Candidate,
  random: number,
  seed: Seed,
  { space }: SearchContext,
): readonly FinalNetwork[] {
  const networks: FinalNetwork[] = [{ role: "finalAnswer", arms: answer.arms }];
  const taken = new Set([networkHash(space.decode(answer.arms))]);
  for (let index = 0; index < random; index++) {
    const arms = randomRival(answer, taken, seed, index, space);
    if (arms === null) break;
    taken.add(networkHash(space.decode(arms)));
    networks.push({ role: "finalRandom", arms });
  }
  return networks;
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
