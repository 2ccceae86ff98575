import { networkHash } from "../../network/canonical.ts";
import type { SearchContext } from "./context.ts";
import { entropy } from "./distribution.ts";
import { drawHash } from "./draw-hash.ts";
import { samplesOf } from "./draw-list.ts";
import type { DrawList, JobState, OpenRound, RoundDraw, RoundNetwork } from "./job-state.ts";
import { namedStream } from "./rng.ts";
import type { AsynchronousRounds } from "./types.ts";

/**
 * Draws for each place that an asynchronous round has to fill, at most: a distribution that has converged draws little but networks
 * that are under way, and must not be asked for ever.
 */
const drawsAPlace = 2;

/** How the stage under way makes its rounds asynchronous; undefined where it does not. */
export function asynchronousRounds(state: JobState, { spec }: SearchContext): AsynchronousRounds | undefined {
  return spec.stages[state.stage.index]?.asynchronous;
}

/** How many networks may be drawn beside those under way: by the stage's `inFlight` and the trial budget; 0 in a synchronous stage. */
export function roomBeside(underWay: DrawList, state: JobState, context: SearchContext): number {
  const inFlight = asynchronousRounds(state, context)?.inFlight ?? 0;
  // Of a supernet some may have ended while a merge was waited for.
  const open = underWay.networks.filter(({ outcome }) => outcome === null).length;
  return Math.max(0, Math.min(inFlight - open, context.spec.budget.trials - state.trials));
}

/**
 * The next round: `carried`, the draws under way, and new ones, of which none while the search waits for its last. Draws of one
 * network are merged, but for those of a supernet. Draw I of round R reads the stream "round/R/sample/I", both from their firsts 1 and 0. A synchronous stage
 * draws `roundSize` times, an asynchronous one until the distinct networks fill its room.
 */
export function drawRound(state: JobState, context: SearchContext, carried: DrawList, isLast: boolean): OpenRound {
  const number = state.rounds + 1;
  const places = new Map(carried.networks.map(({ hash }, index) => [hash, index]));
  const samples: (readonly number[])[] = [];
  const draws: RoundDraw[] = [...carried.draws];
  const draw = (count: number): void => {
    const start = samples.length;
    const stream = (index: number) => namedStream(state.seed, `round/${number}/sample/${start + index}`);
    const pending = [...samplesOf(carried), ...samples];
    for (const arms of context.algorithm.draw(state.algorithm, count, stream, pending)) {
      const plain = networkHash(context.space.decode(arms));
      const hash = context.supernet === null ? plain : drawHash(plain, number, samples.length);
      const network = places.get(hash) ?? places.size;
      places.set(hash, network);
      samples.push(arms);
      draws.push({ arms, network, round: number });
    }
  };
  if (asynchronousRounds(state, context) === undefined) {
    draw(context.algorithm.roundSize(entropy(context.algorithm.distribution(state.algorithm)), state.algorithm));
  } else if (!isLast) {
    const room = roomBeside(carried, state, context);
    const filled = () => places.size - carried.networks.length;
    while (filled() < room && samples.length < drawsAPlace * room) {
      draw(Math.min(room - filled(), drawsAPlace * room - samples.length));
    }
  }
  const drawn = [...places.keys()].slice(carried.networks.length);
  const networks: RoundNetwork[] = [
    ...carried.networks,
    ...drawn.map((hash) => ({ hash, trial: null, outcome: null })),
  ];
  return {
    number,
    resolved: drawn.length === 0,
    draws,
    carried: carried.draws.length,
    networks,
    newTrials: 0,
    reused: 0,
  };
}
