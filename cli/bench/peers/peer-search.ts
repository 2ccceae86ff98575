import { betterAnswer, type Candidate } from "../../../coordinator/search/best.ts";
import { hinge, reward } from "../../../coordinator/search/reward.ts";
import { noisyAccuracy } from "../noise.ts";
import type { BenchProblem } from "../problem.ts";
import { median } from "../../../coordinator/search/quantile.ts";
import { SeedFollower, type SeedRecord } from "../seed-record.ts";
import { VirtualWorkers } from "../virtual-workers.ts";
import type { Peer, Suggestion } from "./peer.ts";

/** How a peer's searches are run: as `SimulationOptions`. */
export interface PeerSearchOptions {
  readonly workers: number;
  readonly maxDraws: number;
  /** Standard deviation of the noise on every accuracy, a fraction. */
  readonly noise: number;
}

/**
 * One search of a peer in virtual time, followed as our own are: every suggestion is a draw, repeats included. It learns from the reward of a
 * job (accuracy less the penalty for cost), and its answer is chosen as a job chooses it. It shows no distribution, and so no mode.
 */
export async function searchWithPeer(
  peer: Peer,
  seed: number,
  problem: BenchProblem,
  { workers, maxDraws, noise }: PeerSearchOptions,
): Promise<SeedRecord> {
  const follower = new SeedFollower(problem, maxDraws, { isNoisy: noise > 0, hasMode: false });
  const virtual = new VirtualWorkers<Suggestion>(workers, seed);
  const stepsMs: number[] = [];
  let answer: Candidate | null = null;
  peer.start(seed);
  const draw = async (): Promise<void> => {
    const suggestion = await peer.ask();
    stepsMs.push(suggestion.ms);
    follower.drawn(suggestion.arms, suggestion.arms.join());
    virtual.add([suggestion]);
  };
  while (!follower.isFull && !follower.isSettled) {
    if (virtual.isFree) {
      await draw();
      continue;
    }
    const ended = virtual.next();
    if (ended === undefined) break;
    const candidate = measure(ended, seed, problem, noise);
    if (candidate !== null) answer = betterAnswer(answer, candidate);
    peer.tell(ended.trial, candidate === null ? null : rewardOf(candidate, problem));
    follower.updated(null, answer?.arms ?? null);
  }
  return follower.record(seed, virtual.busyFraction(), median(stepsMs));
}

function measure({ trial, arms }: Suggestion, seed: number, problem: BenchProblem, noise: number): Candidate | null {
  const accuracy = problem.trueAccuracy(arms);
  if (accuracy === undefined) return null;
  const cost = problem.space.cost(arms);
  const excess = hinge(cost, problem.cost);
  const measurement = { accuracy: noisyAccuracy(accuracy, seed, arms, noise), steps: 0, extra: {} };
  return { trial, arms, measurement, macs: cost?.macs ?? null, params: cost?.params ?? null, hinge: excess ?? null };
}

/** Null where the cost is not known: no reward can be told. */
function rewardOf({ measurement, hinge: excess }: Candidate, { cost }: BenchProblem): number | null {
  return excess === null ? null : reward({ merit: measurement.accuracy, hinge: excess }, cost?.beta ?? 0);
}
