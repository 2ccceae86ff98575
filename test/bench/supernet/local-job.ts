import { evaluationFor } from "../../../coordinator/scheduling/evaluation.ts";
import { createSearch, type JobState } from "../../../coordinator/search/job.ts";
import type {
  Command,
  Event,
  KnownTrial,
  PlannedTrial,
  RoundSummary,
  SearchResult,
} from "../../../coordinator/search/types.ts";
import type { Measurement } from "../../../network/measurement.ts";
import type { ResolvedSpec } from "../../../spec/resolve-spec.ts";
import { EvaluationError } from "../../../worker/evaluator/evaluator.ts";
import type { LocalWeights } from "./local-weights.ts";
import type { LocalWorker } from "./local-worker.ts";

/** A job that has ended. */
export interface LocalRun {
  readonly result: SearchResult;
  readonly state: JobState;
  readonly rounds: readonly RoundSummary[];
  /** In the order of their ends: trials whose evaluation failed are not there. */
  readonly trials: readonly { readonly trial: PlannedTrial; readonly measurement: Measurement }[];
  /** Of the search alone, without finalists and final training. */
  readonly searchSeconds: number;
  readonly seconds: number;
}

/** Looks on while a job runs. */
export interface Onlooker {
  readonly round?: (summary: RoundSummary, trials: LocalRun["trials"]) => void;
}

/**
 * Runs a job to its end in this process, one trial after the other: the coordinator's search with the worker's evaluators, and nothing between
 * them. What is found follows from the spec and its seed alone, as with `fpnas run` on one worker; nothing depends on the machine but the seconds.
 * Throws Error where the job fails.
 */
export async function runLocally(
  { spec, space }: ResolvedSpec,
  { worker, weights }: { readonly worker: LocalWorker; readonly weights: LocalWeights },
  onlooker: Onlooker = {},
): Promise<LocalRun> {
  const search = createSearch(spec.search, space);
  const tensors = spec.evaluator.type === "supernet" ? (space.supernet?.().tensors ?? []) : [];
  const momentum = spec.evaluator.type === "supernet" ? spec.evaluator.momentum : 0;
  const byHash = new Map<string, KnownTrial>();
  const open: PlannedTrial[] = [];
  const rounds: RoundSummary[] = [];
  const trials: { readonly trial: PlannedTrial; readonly measurement: Measurement }[] = [];
  const startedMs = performance.now();
  let searchMs = 0;
  let roundStart = 0;
  let state = search.init(spec.seed);
  let outcome: Extract<Command, { type: "finishJob" }>["outcome"] | undefined;

  const carryOut = (command: Command): void => {
    switch (command.type) {
      case "lookupNetworks": {
        send({ type: "networksResolved", known: command.hashes.map((hash) => byHash.get(hash) ?? null) });
        return;
      }
      case "createTrials":
        open.push(...command.trials);
        if (command.trials.some(({ role }) => role !== "search")) searchMs ||= performance.now() - startedMs;
        return;
      case "cancelTrials":
        open.splice(0, open.length, ...open.filter(({ trial }) => !command.trials.includes(trial)));
        return;
      case "closeRound":
        rounds.push(command.summary);
        onlooker.round?.(command.summary, trials.slice(roundStart));
        roundStart = trials.length;
        return;
      case "mergeWeights":
        weights.merge({ round: command.round, tensors, seed: spec.seed, updates: command.updates, momentum });
        send({ type: "weightsMerged", version: command.round + 1 });
        return;
      case "finishJob":
        outcome = command.outcome;
    }
  };
  const send = (event: Event): void => {
    const [next, commands] = search.step(state, event);
    state = next;
    for (const command of commands) carryOut(command);
  };
  const evaluate = async (trial: PlannedTrial): Promise<Event> => {
    try {
      const measurement = await worker.evaluate(trial.network, evaluationFor(spec, new Map(), trial, state), weights);
      trials.push({ trial, measurement });
      if (trial.role === "search")
        byHash.set(trial.hash, { trial: trial.trial, outcome: { type: "completed", measurement } });
      return { type: "trialCompleted", trial: trial.trial, measurement };
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      if (trial.role === "search")
        byHash.set(trial.hash, { trial: trial.trial, outcome: { type: "failed", reason: error.reason } });
      return { type: "trialFailed", trial: trial.trial, reason: error.reason };
    }
  };

  send({ type: "jobStarted", atMs: 0 });
  for (let trial = open.shift(); trial !== undefined; trial = open.shift()) send(await evaluate(trial));
  if (outcome?.type !== "succeeded") throw new Error(`The job ended ${JSON.stringify(outcome)}.`);
  const seconds = (performance.now() - startedMs) / 1000;
  return {
    result: outcome.result,
    state,
    rounds,
    trials,
    searchSeconds: searchMs > 0 ? searchMs / 1000 : seconds,
    seconds,
  };
}
