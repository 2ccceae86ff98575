import type { DrawList, RoundNetwork } from "./job-state.ts";
import type { TrialId } from "./types.ts";

/** What is asked of a list with every outcome, so that it need not be counted every time. */
interface Tally {
  /** The place of each trial's network. */
  readonly places: ReadonlyMap<TrialId, number>;
  /** How many draws each network has. */
  readonly drawsOf: readonly number[];
  /** Networks whose trial has not ended. */
  readonly open: number;
  /** Draws of networks with an outcome. */
  readonly endedDraws: number;
}

/** Of the lists that were counted last: what follows from a list alone may be forgotten at any time. */
const tallies = new WeakMap<readonly RoundNetwork[], Tally>();

/** Counts a list, or remembers what was counted. */
export function tallyOf({ draws, networks }: DrawList): Tally {
  const known = tallies.get(networks);
  if (known !== undefined) return known;
  const places = new Map<TrialId, number>();
  const drawsOf = networks.map(() => 0);
  for (const { network } of draws) drawsOf[network] = (drawsOf[network] ?? 0) + 1;
  let [open, endedDraws] = [0, 0];
  for (const [place, { trial, outcome }] of networks.entries()) {
    if (trial !== null && !places.has(trial)) places.set(trial, place);
    if (outcome !== null) endedDraws += drawsOf[place] ?? 0;
    else if (trial !== null) open += 1;
  }
  const tally = { places, drawsOf, open, endedDraws };
  tallies.set(networks, tally);
  return tally;
}

/** The networks of a list with one of them, which was open, changed to one that has ended. */
export function withEnded(list: DrawList, place: number, ended: RoundNetwork): readonly RoundNetwork[] {
  const { open, endedDraws, drawsOf, places } = tallyOf(list);
  const networks = list.networks.with(place, ended);
  tallies.set(networks, { places, drawsOf, open: open - 1, endedDraws: endedDraws + (drawsOf[place] ?? 0) });
  return networks;
}
