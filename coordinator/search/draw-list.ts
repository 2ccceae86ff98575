import type { DrawList, RoundDraw, RoundNetwork } from "./job-state.ts";

/** No draws. */
export const noDraws: DrawList = { draws: [], networks: [] };

/** A sample of each network. */
export function samplesOf({ draws, networks }: DrawList): (readonly number[])[] {
  const samples: (readonly number[])[] = networks.map(() => []);
  // Backwards: the first draw of a network has the last word.
  for (const { arms, network } of draws.toReversed()) samples[network] = arms;
  return samples;
}

/** The networks that `isKept` says, and their draws, each in their order. */
export function keepNetworks({ draws, networks }: DrawList, isKept: (network: RoundNetwork) => boolean): DrawList {
  const kept = networks.flatMap((network, index) => (isKept(network) ? [index] : []));
  return { draws: renumber(draws, kept), networks: networks.filter(isKept) };
}

/** Draws of the kept networks (indices of old, ascending), which have moved to their places among the kept. */
export function renumber(draws: readonly RoundDraw[], kept: readonly number[]): RoundDraw[] {
  const places = new Map(kept.map((network, place) => [network, place]));
  return draws.flatMap(({ arms, network }) => {
    const place = places.get(network);
    return place === undefined ? [] : [{ arms, network: place }];
  });
}
