import type { SearchContext } from "./context.ts";
import { entropy } from "./distribution.ts";
import { noFailures, stateVersion, type JobState } from "./job-state.ts";
import { beginStage } from "./stage.ts";
import type { Seed } from "./types.ts";

/** The state of a search before `jobStarted`: the algorithm's first distribution, nothing drawn. */
export function initialState(seed: Seed, { algorithm, spec }: SearchContext): JobState {
  const fresh = algorithm.init();
  const nats = entropy(algorithm.distribution(fresh));
  return {
    version: stateVersion,
    seed,
    phase: "created",
    paused: false,
    startMs: null,
    outOfTime: false,
    algorithm: algorithm.enterStage(fresh, spec.stages[0]?.slots ?? "factorized"),
    entropyStart: nats,
    stage: beginStage(0, nats),
    endedStages: [],
    round: null,
    merging: null,
    rounds: 0,
    draws: 0,
    stale: 0,
    trials: 0,
    reused: 0,
    measured: 0,
    failures: noFailures,
    answer: null,
    bestObserved: null,
    recommended: null,
    front: [],
    finalists: [],
    finals: [],
  };
}
