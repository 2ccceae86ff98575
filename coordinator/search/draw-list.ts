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

/** The draws that `isKept` says, and their networks, each in their order. */
export function keepDraws({ draws, networks }: DrawList, isKept: (draw: RoundDraw) => boolean): DrawList {
  const kept = draws.filter(isKept);
  const used = new Set(kept.map(({ network }) => network));
  return keepNetworks({ draws: kept, networks }, (_network, index) => used.has(index));
}

/** The networks that `isKept` says, and their draws, each in their order. */
export function keepNetworks(
  { draws, networks }: DrawList,
  isKept: (network: RoundNetwork, index: number) => boolean,
): DrawList {
  const kept: number[] = [];
  const left: RoundNetwork[] = [];
  networks.forEach((network, index) => {
    if (!isKept(network, index)) return;
    kept.push(index);
    left.push(network);
  });
  return { draws: renumber(draws, kept), networks: left };
}

/** Draws of the kept networks (indices of old, ascending), which have moved to their places among the kept. */
export function renumber(draws: readonly RoundDraw[], kept: readonly number[]): RoundDraw[] {
  const places = new Map(kept.map((network, place) => [network, place]));
  const moved: RoundDraw[] = [];
  for (const { arms, network, round } of draws) {
    const place = places.get(network);
    if (place !== undefined) moved.push({ arms, network: place, round });
  }
  return moved;
}
