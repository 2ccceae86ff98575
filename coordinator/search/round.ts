import { networkHash } from "../../network/canonical.ts";
import type { ScoredDraw } from "./algorithm/algorithm.ts";
import type { Candidate } from "./best.ts";
import type { SearchContext } from "./context.ts";
import { entropy } from "./distribution.ts";
import type { JobState, OpenRound, RoundNetwork } from "./job-state.ts";
import { endedOutcome, type EndedOutcome } from "./measurement.ts";
import { hinge } from "./reward.ts";
import { namedStream, type Rng } from "./rng.ts";
import type { KnownTrial, PlannedTrial, Seed, TrialId } from "./types.ts";

/** Draws the next round; draws of one network are merged. Draw I of round R reads the stream "round/R/sample/I", both from their firsts 1 and 0. */
export function drawRound(state: JobState, { algorithm, space }: SearchContext): OpenRound {
  const number = state.rounds + 1;
  const count = algorithm.roundSize(entropy(algorithm.distribution(state.algorithm)), state.algorithm);
  const samples = algorithm.draw(state.algorithm, count, (draw) =>
    namedStream(state.seed, `round/${number}/sample/${draw}`),
  );
  const places = new Map<string, number>();
  const draws = samples.map((arms) => {
    const hash = networkHash(space.decode(arms));
    const network = places.get(hash) ?? places.size;
    places.set(hash, network);
    return { arms, network };
  });
  const networks = [...places.keys()].map((hash) => ({ hash, trial: null, outcome: null }));
  return { number, resolved: false, draws, networks, newTrials: 0 };
}

/**
 * Takes the answer to the round's lookup: known networks are used as they are (or waited for), the others become trials,
 * numbered from `firstTrial`. What would go beyond `allowance` new trials is dropped from the round.
 */
export function resolveRound(
  round: OpenRound,
  known: readonly (KnownTrial | null)[],
  firstTrial: TrialId,
  allowance: number,
  { space }: SearchContext,
): readonly [OpenRound, readonly PlannedTrial[]] {
  const planned: PlannedTrial[] = [];
  const networks: RoundNetwork[] = [];
  const places: (number | undefined)[] = [];
  for (const [index, { hash }] of round.networks.entries()) {
    const earlier = known[index] ?? null;
    if (earlier === null && planned.length >= allowance) continue;
    places[index] = networks.length;
    if (earlier !== null) {
      networks.push({ hash, trial: earlier.trial, outcome: knownOutcome(earlier) });
      continue;
    }
    const arms = round.draws.find((draw) => draw.network === index)?.arms ?? [];
    const trial = firstTrial + planned.length;
    networks.push({ hash, trial, outcome: null });
    planned.push(planTrial(space, arms, { trial, role: "search", hash, round: round.number }));
  }
  const draws = round.draws.flatMap(({ arms, network }) => {
    const place = places[network];
    return place === undefined ? [] : [{ arms, network: place }];
  });
  return [{ ...round, resolved: true, draws, networks, newTrials: planned.length }, planned];
}

/** A trial of a sample, with its network and cost. */
export function planTrial(
  space: SearchContext["space"],
  arms: readonly number[],
  identity: Pick<PlannedTrial, "trial" | "role" | "hash" | "round">,
): PlannedTrial {
  const cost = space.cost(arms);
  return { ...identity, network: space.decode(arms), arms, macs: cost?.macs, params: cost?.params };
}

/** The round with the outcome of one of its trials; null where it does not wait for that trial. */
export function applyOutcome(round: OpenRound, trial: TrialId, outcome: EndedOutcome): OpenRound | null {
  const place = round.networks.findIndex((network) => network.trial === trial);
  const network = round.networks[place];
  if (network === undefined || network.outcome !== null) return null;
  return { ...round, networks: round.networks.with(place, { ...network, outcome }) };
}

/** Trials that the round still waits for, in the order of their first draw. */
export function openTrials(round: OpenRound): TrialId[] {
  return round.networks.flatMap(({ trial, outcome }) => (trial !== null && outcome === null ? [trial] : []));
}

/** The random stream of a round's update: "round/R/update". */
export function updateStream(seed: Seed, { number }: OpenRound): Rng {
  return namedStream(seed, `round/${number}/update`);
}

/** The draws as the algorithm learns from them, in the order they were made. */
export function scoreDraws(round: OpenRound, { space, spec }: SearchContext): ScoredDraw[] {
  return round.draws.map(({ arms, network }) => {
    const outcome = round.networks[network]?.outcome;
    const excess = hinge(space.cost(arms), spec.cost);
    if (outcome?.type !== "completed" || excess === undefined) return { arms, score: null };
    return { arms, score: { accuracy: outcome.measurement.accuracy, hinge: excess } };
  });
}

/** The measured networks of the round, in the order of their first draw. */
export function measuredCandidates(round: OpenRound, { space, spec }: SearchContext): Candidate[] {
  return round.networks.flatMap(({ trial, outcome }, index) => {
    const arms = round.draws.find((draw) => draw.network === index)?.arms;
    if (outcome?.type !== "completed" || trial === null || arms === undefined) return [];
    const cost = space.cost(arms);
    return [
      {
        trial,
        arms,
        measurement: outcome.measurement,
        macs: cost?.macs ?? null,
        params: cost?.params ?? null,
        hinge: hinge(cost, spec.cost) ?? null,
      },
    ];
  });
}

function knownOutcome({ outcome }: KnownTrial): EndedOutcome | null {
  return outcome.type === "pending" ? null : endedOutcome(outcome);
}
