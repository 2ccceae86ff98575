import { searchContext } from "./context.ts";
import type { JobState } from "./job-state.ts";
import { namedStream } from "./rng.ts";
import { createSearch } from "./search.ts";
import { spaceSize } from "./space/size.ts";
import type { Space } from "./space/space.ts";
import type { Command, Event, KnownTrial, SearchSpec } from "./types.ts";

/** What a rehearsed search did. */
export interface Rehearsal {
  readonly draws: number;
  readonly trials: number;
  /** Draws of the first round of each stage that was reached. */
  readonly stageDraws: readonly (number | undefined)[];
}

/** Draws after which a rehearsal stops; what it has counted until then is its answer. */
const maxDraws = 20_000;

/** The same for algorithms that never converge: their steps may be dear, and what comes after is new networks until the budget ends. */
const maxEndlessDraws = 300;

/** Standard deviation of accuracy over a space, and the seed of everything rehearsed. */
const spread = 0.02;
const seed = 0;

/** Nats of loss for each unit of accuracy lost, about as classifiers have it half way. */
const lossScale = 3;

/**
 * Runs the search itself on a made-up landscape, in which each arm adds a fixed random amount to the accuracy:
 * what rounds, stages and budget come to without training anything. Takes some seconds at most. An algorithm that never converges is
 * not rehearsed beyond the beginning of an endless last stage, nor beyond some hundred draws: the rest of the budget (or of the space) is new networks.
 */
export function rehearse(spec: SearchSpec, space: Space): Rehearsal {
  const search = createSearch({ ...spec, final: null }, space);
  const isEndless = !searchContext(spec, space).algorithm.converges;
  const lastStage = spec.stages.length - 1;
  const hasOpenEnd = Object.keys(spec.stages[lastStage]?.until ?? {}).length === 0;
  const accuracyOf = landscape(space);
  const known = new Map<string, KnownTrial>();
  const stageDraws: (number | undefined)[] = [];
  let state = search.init(seed);
  const events: Event[] = [{ type: "jobStarted", atMs: 0 }];
  for (let event = events.shift(); event !== undefined && state.draws < maxDraws; event = events.shift()) {
    let commands: readonly Command[];
    [state, commands] = search.step(state, event);
    const { roundDraws } = search.progress(state);
    // Before the first weights of a supernet nothing is drawn.
    if (roundDraws > 0) stageDraws[state.stage.index] ??= roundDraws;
    const isInLastStage = hasOpenEnd && state.stage.index === lastStage;
    if (isEndless && (isInLastStage || state.draws >= maxEndlessDraws)) return toTheEnd(state, stageDraws, spec, space);
    for (const command of commands) {
      if (command.type === "lookupNetworks") {
        events.unshift({ type: "networksResolved", known: command.hashes.map((hash) => known.get(hash) ?? null) });
      } else if (command.type === "mergeWeights") {
        events.push({ type: "weightsMerged", version: command.round + 1 });
      } else if (command.type === "createTrials") {
        for (const { trial, hash, arms } of command.trials) {
          const accuracy = accuracyOf(arms);
          const measurement = { accuracy, loss: lossScale * (1 - accuracy), steps: 0, extra: {} };
          known.set(hash, { trial, outcome: { type: "completed", measurement } });
          events.push({ type: "trialCompleted", trial, measurement });
        }
      }
    }
  }
  return { draws: state.draws, trials: state.trials, stageDraws };
}

/** What is left of the budget, as far as the space has networks, counted as one draw and one trial each. */
function toTheEnd(
  { draws, trials }: JobState,
  stageDraws: Rehearsal["stageDraws"],
  spec: SearchSpec,
  space: Space,
): Rehearsal {
  const left = Math.max(0, Math.min(spec.budget.trials, Number(spaceSize(space))) - trials);
  return { draws: draws + left, trials: trials + left, stageDraws };
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
