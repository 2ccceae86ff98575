import type { Measurement } from "../../network/measurement.ts";
import type { Network } from "../../network/types.ts";
import type { ScoredDraw } from "./algorithm/algorithm.ts";
import type { Candidate } from "./best.ts";
import type { SearchContext } from "./context.ts";
import { keepNetworks, renumber, samplesOf } from "./draw-list.ts";
import type { DrawList, OpenRound, RoundNetwork } from "./job-state.ts";
import { endedOutcome, type EndedOutcome } from "./measurement.ts";
import { hinge } from "./reward.ts";
import { namedStream, type Rng } from "./rng.ts";
import { tallyOf, withEnded } from "./tally.ts";
import type {
  AsynchronousRounds,
  EarlierTrial,
  KnownTrial,
  LookupEntry,
  PlannedTrial,
  Seed,
  TrialId,
} from "./types.ts";

/** Hashes of the networks that the round's lookup asks for, in the order of their first draw. */
export function unknownNetworks({ networks }: OpenRound): string[] {
  return networks.filter(({ trial }) => trial === null).map(({ hash }) => hash);
}

/**
 * Takes the answer to the round's lookup: known networks are used as they are (or waited for), the others become trials,
 * numbered from `firstTrial`. Those that an earlier job has measured have ended at once. What would go beyond `allowance` trials to
 * evaluate is dropped from the round.
 */
export function resolveRound(
  round: OpenRound,
  known: readonly LookupEntry[],
  firstTrial: TrialId,
  allowance: number,
  context: SearchContext,
): readonly [OpenRound, readonly PlannedTrial[]] {
  const planned: PlannedTrial[] = [];
  const networks: RoundNetwork[] = [];
  const kept: number[] = [];
  const answers = known.values();
  const samples = samplesOf(round);
  let newTrials = 0;
  for (const [index, network] of round.networks.entries()) {
    const { hash } = network;
    const entry = network.trial === null ? (answers.next().value ?? null) : null;
    if (entry !== null && isOwn(entry)) networks.push({ hash, trial: entry.trial, outcome: knownOutcome(entry) });
    else if (network.trial !== null) networks.push(network);
    else {
      const earlier = entry === null ? null : usable(entry);
      if (earlier === null && newTrials >= allowance) continue;
      if (earlier === null) newTrials++;
      const trial = firstTrial + planned.length;
      networks.push({ hash, trial, outcome: earlier && { type: "completed", measurement: earlier.measurement } });
      planned.push(
        planTrial(context, samples[index] ?? [], { trial, role: "search", hash, round: round.number, earlier }),
      );
    }
    kept.push(index);
  }
  const draws = renumber(round.draws, kept);
  const reused = planned.length - newTrials;
  return [{ ...round, resolved: true, draws, networks, newTrials, reused }, planned];
}

/** Whether the trial is one of this job. */
export function isOwn(entry: KnownTrial | EarlierTrial): entry is KnownTrial {
  return "outcome" in entry;
}

/** The earlier trial with its measurement fit to be kept; null where it cannot be rewarded, as if nobody had evaluated the network. */
function usable(earlier: EarlierTrial): EarlierTrial | null {
  const outcome = endedOutcome({ type: "completed", measurement: earlier.measurement });
  return outcome.type === "completed" ? { ...earlier, measurement: outcome.measurement } : null;
}

/** A trial of a sample, with its network and cost. A final training has weights of its own, also after a supernet's search. */
export function planTrial(
  { space, supernet }: SearchContext,
  arms: readonly number[],
  identity: Pick<PlannedTrial, "trial" | "role" | "hash" | "round" | "earlier">,
): PlannedTrial {
  const cost = space.cost(arms);
  // Evaluated by weights of a round or a version, or by none.
  const isShared = supernet !== null && identity.round > 0;
  const network: Network = isShared ? supernet.decode(arms) : space.decode(arms);
  const { trial, role, hash, round, earlier } = identity;
  return { trial, role, hash, round, earlier, network, arms, macs: cost?.macs, params: cost?.params };
}

/** The draws with the outcome of one of their trials; null where they do not wait for that trial. */
export function applyOutcome<Draws extends DrawList>(list: Draws, trial: TrialId, outcome: EndedOutcome): Draws | null {
  const place = tallyOf(list).places.get(trial);
  const entry = place === undefined ? undefined : list.networks[place];
  if (place === undefined || entry === undefined || entry.outcome !== null) return null;
  return { ...list, networks: withEnded(list, place, { ...entry, outcome }) };
}

/** The list with the outcome of one of its trials; null where it does not wait for that trial. */
export function endTrial<Entry extends { readonly trial: TrialId | null; readonly outcome: EndedOutcome | null }>(
  list: readonly Entry[],
  trial: TrialId,
  outcome: EndedOutcome,
): readonly Entry[] | null {
  const place = list.findIndex((entry) => entry.trial === trial);
  const entry = list[place];
  return entry === undefined || entry.outcome !== null ? null : list.with(place, { ...entry, outcome });
}

/** Trials that are waited for, in the order of their first draw. */
export function openTrials({ networks }: DrawList): TrialId[] {
  return networks.flatMap(({ trial, outcome }) => (trial !== null && outcome === null ? [trial] : []));
}

/**
 * Whether the round is to be closed: nothing of it is open or, in an asynchronous stage, enough of its draws have ended. In which
 * order they did plays no part.
 */
export function isRoundOver(round: OpenRound, asynchronous: AsynchronousRounds | undefined): boolean {
  if (!round.resolved) return false;
  const { open, endedDraws } = tallyOf(round);
  return open === 0 || (asynchronous !== undefined && endedDraws >= asynchronous.updateAfter);
}

/** The round with none but the draws that have ended, and those that go over to the next. */
export function partRound(round: OpenRound): readonly [OpenRound, DrawList] {
  const ended = keepNetworks(round, ({ outcome }) => outcome !== null);
  return [{ ...round, ...ended }, keepNetworks(round, ({ outcome }) => outcome === null)];
}

/** The random stream of a round's update: "round/R/update". */
export function updateStream(seed: Seed, { number }: OpenRound): Rng {
  return namedStream(seed, `round/${number}/update`);
}

/** The draws as the algorithm learns from them, in the order they were made. */
export function scoreDraws(round: OpenRound, { space, spec, supernet }: SearchContext): ScoredDraw[] {
  return round.draws.map(({ arms, network }) => {
    const outcome = round.networks[network]?.outcome;
    const excess = hinge(space.cost(arms), spec.cost);
    if (outcome?.type !== "completed" || excess === undefined) return { arms, score: null };
    const { accuracy, loss } = outcome.measurement;
    if (supernet === null) return { arms, score: { merit: accuracy, hinge: excess } };
    return { arms, score: loss === undefined ? null : { merit: -loss, hinge: excess } };
  });
}

/** The measured networks of the round, in the order of their first draw. */
export function measuredCandidates(round: OpenRound, context: SearchContext): Candidate[] {
  const samples = samplesOf(round);
  return round.networks.flatMap(({ trial, outcome }, index) => {
    const arms = samples[index];
    if (outcome?.type !== "completed" || trial === null || arms === undefined) return [];
    return [candidateOf(trial, arms, outcome.measurement, context)];
  });
}

/** A measured network with its cost. */
export function candidateOf(
  trial: TrialId,
  arms: readonly number[],
  measurement: Measurement,
  { space, spec }: SearchContext,
): Candidate {
  const cost = space.cost(arms);
  const { macs = null, params = null } = cost ?? {};
  return { trial, arms, measurement, macs, params, hinge: hinge(cost, spec.cost) ?? null };
}

function knownOutcome({ outcome }: KnownTrial): EndedOutcome | null {
  return outcome.type === "pending" ? null : endedOutcome(outcome);
}
