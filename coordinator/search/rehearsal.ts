import { namedStream } from "./rng.ts";
import { createSearch } from "./search.ts";
import type { Space } from "./space/space.ts";
import type { Command, Event, KnownTrial, SearchSpec } from "./types.ts";

/** What a rehearsed search did. */
export interface Rehearsal {
  readonly draws: number;
  readonly trials: number;
  /** Draws of the first round of each stage that was reached. */
  readonly stageDraws: readonly number[];
}

/** Draws after which a rehearsal stops; what it has counted until then is its answer. */
const maxDraws = 20_000;

/** Standard deviation of accuracy over a space, and the seed of everything rehearsed. */
const spread = 0.02;
const seed = 0;

/**
 * Runs the search itself on a made-up landscape, in which each arm adds a fixed random amount to the accuracy:
 * what rounds, stages and budget come to without training anything. Takes well under a second for some thousand draws.
 */
export function rehearse(spec: SearchSpec, space: Space): Rehearsal {
  const search = createSearch({ ...spec, final: null }, space);
  const accuracyOf = landscape(space);
  const known = new Map<string, KnownTrial>();
  const stageDraws: number[] = [];
  let state = search.init(seed);
  const events: Event[] = [{ type: "jobStarted", atMs: 0 }];
  for (let event = events.shift(); event !== undefined && state.draws < maxDraws; event = events.shift()) {
    let commands: readonly Command[];
    [state, commands] = search.step(state, event);
    stageDraws[state.stage.index] ??= search.progress(state).roundDraws;
    for (const command of commands) {
      if (command.type === "lookupNetworks") {
        events.unshift({ type: "networksResolved", known: command.hashes.map((hash) => known.get(hash) ?? null) });
      } else if (command.type === "createTrials") {
        for (const { trial, hash, arms } of command.trials) {
          const measurement = { accuracy: accuracyOf(arms), steps: 0, extra: {} };
          known.set(hash, { trial, outcome: { type: "completed", measurement } });
          events.push({ type: "trialCompleted", trial, measurement });
        }
      }
    }
  }
  return { draws: state.draws, trials: state.trials, stageDraws };
}

/** Additive: every arm of every choice has its own share, so that the sum has the standard deviation `spread`. */
function landscape({ choices }: Space): (arms: readonly number[]) => number {
  const step = spread / Math.sqrt(choices.length / 12);
  const shares = choices.map(({ name, arms }) => {
    const stream = namedStream(seed, `rehearsal/${name}`);
    return arms.map(() => (stream.uniform() - 0.5) * step);
  });
  return (arms) => arms.reduce((sum, arm, choice) => sum + (shares[choice]?.[arm] ?? 0), 0.5);
}
