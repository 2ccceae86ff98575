import { networkHash } from "../../network/canonical.ts";
import { betterAnswer, betterFinalist, betterObserved, type Candidate } from "./best.ts";
import { searchContext, type SearchContext } from "./context.ts";
import { entropy, marginals } from "./distribution.ts";
import { noDraws, samplesOf } from "./draw-list.ts";
import { asynchronousRounds, drawRound, roomBeside } from "./draw-round.ts";
import { finalistCandidates, planFinalists } from "./finalists.ts";
import { finalTrials, planFinals } from "./finals.ts";
import { initialState } from "./initial-state.ts";
import { failedTrials, type DrawList, type JobState, type OpenRound } from "./job-state.ts";
import { endedOutcome, type EndedOutcome } from "./measurement.ts";
import { beginMerge, mergedUpdates, withoutStale } from "./merging.ts";
import { extendFront } from "./pareto.ts";
import { nothingMeasured, searchProgress, searchResult, type Progress } from "./result.ts";
import {
  applyOutcome,
  candidateOf,
  endTrial,
  isOwn,
  isRoundOver,
  measuredCandidates,
  openTrials,
  partRound,
  resolveRound,
  scoreDraws,
  unknownNetworks,
  updateStream,
} from "./round.ts";
import type { Space } from "./space/space.ts";
import { beginStage, countRound, isStageOver, type ClosedRound } from "./stage.ts";
import type { Command, Event, LookupEntry, RoundSummary, SearchSpec, Seed, TrialId } from "./types.ts";

/** A state and the commands that go with it. */
type Step = readonly [state: JobState, commands: readonly Command[]];

/** A state that is still being made. */
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** One search as a state machine: events in, commands out. Pure; the state is plain JSON. */
export interface Search {
  /** The state before `jobStarted`. */
  init(seed: Seed): JobState;
  /**
   * The state after an event, and what the shell must do once that state is durable. Never throws: an event that does not
   * fit (a trial not waited for, an unasked lookup answer, anything after the end) leaves the state as it is, the same object.
   * Outcomes count in the order of the draws, so the order in which trials end within a round changes nothing. An asynchronous
   * round closes with the first `updateAfter` draws that have ended: there it is which trials those are that counts.
   */
  step(state: JobState, event: Event): Step;
  progress(state: JobState): Progress;
}

/** Prepares a search; spec and space must be the same for every step of a job. Throws SearchSpecError. */
export function createSearch(spec: SearchSpec, space: Space): Search {
  const context = searchContext(spec, space);
  return {
    init: (seed) => initialState(seed, context),
    step: (state, event) => (state.phase === "ended" ? [state, []] : handle(state, event, context)),
    progress: (state) => searchProgress(state, context),
  };
}

function handle(state: JobState, event: Event, context: SearchContext): Step {
  switch (event.type) {
    case "jobStarted": {
      if (state.phase !== "created") return [state, []];
      const started: JobState = { ...state, phase: "searching", startMs: event.atMs };
      return context.supernet === null ? advance(started, context) : beginMerge(started, [], noDraws);
    }
    case "weightsMerged":
      return takeMerge(state, event.version, context);
    case "networksResolved":
      return takeLookup(state, event.known, context);
    case "trialCompleted":
      return takeOutcome(state, event.trial, { type: "completed", measurement: event.measurement }, context);
    case "trialFailed":
      return takeOutcome(state, event.trial, { type: "failed", reason: event.reason }, context);
    case "clockAdvanced":
      return isOutOfTime(state, event.atMs, context) ? advance({ ...state, outOfTime: true }, context) : [state, []];
    case "jobPaused":
      return [state.paused ? state : { ...state, paused: true }, []];
    case "jobResumed":
      return state.paused ? advance({ ...state, paused: false }, context) : [state, []];
    case "jobCancelled":
      return [
        { ...state, phase: "ended", round: null, merging: null },
        [...cancel(waitedFor(state)), { type: "finishJob", outcome: { type: "cancelled" } }],
      ];
  }
}

/**
 * Goes on as far as nothing is waited for: opens a round, closes a finished one, ends the job after its final training.
 * A paused job takes in outcomes but does not go on.
 */
function advance(state: JobState, context: SearchContext): Step {
  if (state.paused) return [state, []];
  switch (state.phase) {
    case "searching":
      if (state.merging !== null)
        return state.merging.isDone ? leaveMerge(state, state.merging.underWay, context) : [state, []];
      if (state.round === null)
        return state.outOfTime ? endSearch(state, noDraws, context) : openRound(state, noDraws, false, context);
      if (isRoundOver(state.round, asynchronousRounds(state, context))) return closeRound(state, context);
      return state.outOfTime && state.round.resolved ? closeRound(state, context) : [state, []];
    case "choosing":
      return state.finalists.every(({ outcome }) => outcome !== null) ? choose(state, context) : [state, []];
    case "training":
      return state.finals.every(({ outcome }) => outcome !== null) ? trainOn(state, context) : [state, []];
    case "created":
    case "answering":
    case "ended":
      return [state, []];
  }
}

/** Opens a round with the draws under way; a last one makes no others. */
function openRound(state: JobState, underWay: DrawList, isLast: boolean, context: SearchContext): Step {
  const round = drawRound(state, context, underWay, isLast);
  if (round.resolved) return advance({ ...state, round }, context);
  const hashes = unknownNetworks(round);
  const opened = { ...state, round };
  // Every draw of a supernet is a new trial.
  if (context.supernet !== null)
    return takeLookup(
      opened,
      hashes.map(() => null),
      context,
    );
  return [opened, [{ type: "lookupNetworks", hashes }]];
}

function takeMerge(state: JobState, version: number, context: SearchContext): Step {
  const { merging } = state;
  if (merging === null || merging.isDone || version !== merging.round + 1) return [state, []];
  return advance({ ...state, merging: { ...merging, isDone: true } }, context);
}

/** To the first round, or on from the round whose merge was waited for. */
function leaveMerge(state: JobState, underWay: DrawList, context: SearchContext): Step {
  const merged: JobState = { ...state, merging: null };
  return state.rounds === 0 ? advance(merged, context) : goOn(merged, underWay, context);
}

function takeLookup(state: JobState, known: readonly LookupEntry[], context: SearchContext): Step {
  if (state.phase === "answering") return takeAnswer(state, known, context);
  if (state.round === null || state.round.resolved) return [state, []];
  if (known.length !== unknownNetworks(state.round).length) return [state, []];
  const allowance = context.spec.budget.trials - state.trials;
  const [round, planned] = resolveRound(state.round, known, nextTrial(state), allowance, context);
  const counts = { trials: state.trials + round.newTrials, reused: state.reused + round.reused };
  const [after, commands] = advance({ ...state, round, ...counts }, context);
  return [after, planned.length === 0 ? commands : [{ type: "createTrials", trials: planned }, ...commands]];
}

function takeOutcome(state: JobState, trial: TrialId, raw: EndedOutcome, context: SearchContext): Step {
  const outcome = endedOutcome(raw);
  if (state.phase === "training") {
    const finals = endTrial(state.finals, trial, outcome);
    return finals === null ? [state, []] : advance({ ...state, finals }, context);
  }
  if (state.phase === "choosing") {
    const finalists = endTrial(state.finalists, trial, outcome);
    return finalists === null ? [state, []] : advance({ ...state, finalists }, context);
  }
  if (state.merging !== null) {
    const underWay = applyOutcome(state.merging.underWay, trial, outcome);
    if (underWay === null) return [state, []];
    return [countOutcome({ ...state, merging: { ...state.merging, underWay } }, outcome), []];
  }
  const round = state.round === null ? null : applyOutcome(state.round, trial, outcome);
  if (round === null) return [state, []];
  return advance(countOutcome({ ...state, round }, outcome), context);
}

/** Counts an outcome in a state that nobody else has yet. */
function countOutcome(fresh: Mutable<JobState>, outcome: EndedOutcome): JobState {
  if (outcome.type === "completed") fresh.measured += 1;
  else fresh.failures = { ...fresh.failures, [outcome.reason]: fresh.failures[outcome.reason] + 1 };
  return fresh;
}

function isOutOfTime({ phase, startMs, outOfTime }: JobState, atMs: number, { spec }: SearchContext): boolean {
  const { wallMs } = spec.budget;
  return phase === "searching" && !outOfTime && wallMs !== null && startMs !== null && atMs - startMs >= wallMs;
}

/**
 * Learns from what has ended of the round, then goes on, to the next stage, or ends. What is still open goes over to the next round;
 * where time is up it is cancelled.
 */
function closeRound(state: JobState, context: SearchContext): Step {
  if (state.round === null) return [state, []];
  const { supernet } = context.spec;
  const [ended, underWay] = state.outOfTime ? [state.round, noDraws] : partRound(state.round);
  const [round, stale] = supernet === undefined ? [ended, 0] : withoutStale(ended, supernet);
  const learned = learn(state, round, underWay, context);
  const candidates = measuredCandidates(round, context);
  const nats = entropy(context.algorithm.distribution(learned));
  const counts = { draws: round.draws.length, newTrials: round.newTrials, entropy: nats };
  const { reused } = round;
  const hasDrawn = state.round.draws.length > state.round.carried;
  const closed: JobState = {
    ...state,
    algorithm: learned,
    round: null,
    rounds: round.number,
    draws: state.draws + round.draws.length,
    stale: state.stale + stale,
    stage: countRound(state.stage, { ...counts, reused, hasDrawn }),
    answer: candidates.reduce(betterAnswer, state.answer),
    bestObserved: candidates.reduce(betterObserved, state.bestObserved),
    front: extendFront(state.front, candidates, context.costFigure),
  };
  const summary = roundSummary(closed, counts, context);
  const [after, commands] =
    supernet === undefined
      ? goOn(closed, underWay, context)
      : beginMerge(closed, mergedUpdates(round, supernet), underWay);
  return [after, [...cancel(openTrials(ended)), { type: "closeRound", summary }, ...commands]];
}

/** The algorithm's state after a round; a stage that is for the shared weights only leaves it as it was. */
function learn(state: JobState, round: OpenRound, underWay: DrawList, context: SearchContext): unknown {
  if (context.spec.stages[state.stage.index]?.weightsOnly === true) return state.algorithm;
  const ahead = { pending: samplesOf(underWay), room: roomBeside(underWay, state, context) };
  return context.algorithm.update(state.algorithm, scoreDraws(round, context), updateStream(state.seed, round), ahead);
}

/**
 * After a closed round, in this order: nothing but failures for max(16, 2K) trials ends the job (infeasible networks apart: they are
 * the space's, and the next may be feasible; K is `inFlight` in an asynchronous stage); so does a spent budget; an ended or converged
 * stage is followed by the next, the last one by the end; else there is another round.
 */
function goOn(state: JobState, underWay: DrawList, context: SearchContext): Step {
  const { algorithm, spec } = context;
  const nats = entropy(algorithm.distribution(state.algorithm));
  const atOnce = asynchronousRounds(state, context)?.inFlight ?? algorithm.roundSize(nats, state.algorithm);
  const faults = failedTrials(state) - state.failures.infeasible;
  if (state.measured === 0 && faults >= Math.max(16, 2 * atOnce)) return endSearch(state, underWay, context);
  if (state.outOfTime || state.trials >= spec.budget.trials) return windUp(state, underWay, context);
  const stage = spec.stages[state.stage.index];
  if (stage === undefined || !isStageOver(state.stage, stage.until, nats, state.entropyStart, algorithm.converges))
    return openRound(state, underWay, false, context);
  const next = spec.stages[state.stage.index + 1];
  if (next === undefined) return windUp(state, underWay, context);
  const entered = endStage(state, context);
  return openRound(
    {
      ...entered,
      algorithm: algorithm.enterStage(state.algorithm, next.slots),
      stage: beginStage(state.stage.index + 1, nats),
    },
    underWay,
    false,
    context,
  );
}

/** To the end of the search, by way of a round that waits for what is under way: it is paid for, and learned from. */
function windUp(state: JobState, underWay: DrawList, context: SearchContext): Step {
  return underWay.networks.length === 0
    ? endSearch(state, noDraws, context)
    : openRound(state, underWay, true, context);
}

function endStage(state: JobState, { algorithm, spec }: SearchContext): JobState {
  const { index, rounds, draws, trials, entropyStart } = state.stage;
  const name = spec.stages[index]?.name ?? "";
  const entropyEnd = entropy(algorithm.distribution(state.algorithm));
  return { ...state, endedStages: [...state.endedStages, { name, rounds, draws, trials, entropyStart, entropyEnd }] };
}

/**
 * From the search to the final training, or to the end where there is none or nothing was measured. What is under way is cancelled.
 * With noisy rewards the trial of the network that the algorithm recommends is looked up first; a supernet's finalists are scored.
 */
function endSearch(state: JobState, underWay: DrawList, context: SearchContext): Step {
  const ended = endStage(state, context);
  const cancelled = cancel(openTrials(underWay));
  if (ended.answer === null) {
    const failed: JobState = { ...ended, phase: "ended" };
    return [failed, [...cancelled, { type: "finishJob", outcome: { type: "failed", error: nothingMeasured(ended) } }]];
  }
  const [after, commands] =
    context.supernet === null ? settleAnswer(ended, ended.answer, context) : scoreFinalists(ended, context);
  return [after, [...cancelled, ...commands]];
}

function scoreFinalists(state: JobState, context: SearchContext): Step {
  const planned = planFinalists(state, nextTrial(state), context);
  const finalists = planned.map(({ trial, arms }) => ({ trial, arms, outcome: null }));
  return [{ ...state, phase: "choosing", finalists }, [{ type: "createTrials", trials: planned }]];
}

/** The best finalist becomes the answer; where none could be scored, it stays the best of the search. */
function choose(state: JobState, context: SearchContext): Step {
  const candidates = finalistCandidates(state, context);
  const best = candidates.reduce<Candidate | null>(betterFinalist, null);
  if (best === null) return state.answer === null ? [state, []] : train(state, state.answer, context);
  const bestObserved = candidates.reduce<Candidate | null>(betterObserved, null);
  const front = extendFront([], candidates, context.costFigure);
  return train({ ...state, bestObserved, front }, best, context);
}

function settleAnswer(state: JobState, observed: Candidate, context: SearchContext): Step {
  const { algorithm, spec, space } = context;
  const arms = (spec.noisy && algorithm.recommend?.(state.algorithm)) || null;
  if (arms === null) return train(state, observed, context);
  const hashes = [networkHash(space.decode(arms))];
  return [{ ...state, phase: "answering", recommended: arms }, [{ type: "lookupNetworks", hashes }]];
}

/** The recommended network becomes the answer if it has been measured and misses the targets by no more than the best observed. */
function takeAnswer(state: JobState, known: readonly LookupEntry[], context: SearchContext): Step {
  const { answer, recommended } = state;
  if (answer === null || recommended === null || known.length !== 1) return [state, []];
  const [found = null] = known;
  const settled: JobState = { ...state, recommended: null };
  if (found === null || !isOwn(found) || found.outcome.type === "pending") return train(settled, answer, context);
  const outcome = endedOutcome(found.outcome);
  if (outcome.type !== "completed") return train(settled, answer, context);
  const candidate = candidateOf(found.trial, recommended, outcome.measurement, context);
  const isAsFeasible = (candidate.hinge ?? Infinity) <= (answer.hinge ?? Infinity);
  return train(settled, isAsFeasible ? candidate : answer, context);
}

function train(state: JobState, answer: Candidate, context: SearchContext): Step {
  return advance({ ...state, phase: "training", answer }, context);
}

/** The final trainings that come next, or the end. */
function trainOn(state: JobState, context: SearchContext): Step {
  const planned = planFinals(state, nextTrial(state), context);
  if (planned.length === 0) return finish(state, context);
  const finals = [...finalTrials(planned), ...state.finals];
  return [{ ...state, finals }, [{ type: "createTrials", trials: planned }]];
}

function finish(state: JobState, context: SearchContext): Step {
  const { answer, bestObserved } = state;
  if (answer === null || bestObserved === null) return [state, []];
  const result = searchResult(state, answer, bestObserved, context);
  return [{ ...state, phase: "ended" }, [{ type: "finishJob", outcome: { type: "succeeded", result } }]];
}

const nextTrial = ({ trials, reused, finalists, finals }: JobState): TrialId =>
  trials + reused + finalists.length + finals.length + 1;

function roundSummary(
  state: JobState,
  counts: Omit<ClosedRound, "hasDrawn" | "reused">,
  { algorithm, spec }: SearchContext,
): RoundSummary {
  return {
    round: state.rounds,
    stage: spec.stages[state.stage.index]?.name ?? "",
    ...counts,
    marginals: marginals(algorithm.distribution(state.algorithm)),
    bestAccuracy: state.answer?.hinge === 0 ? state.answer.measurement.accuracy : null,
  };
}

/** Trials whose outcome the search waits for. */
function waitedFor({ round, merging, finalists, finals }: JobState): TrialId[] {
  if (round !== null) return openTrials(round);
  if (merging !== null) return openTrials(merging.underWay);
  return [...finalists, ...finals].flatMap(({ trial, outcome }) => (outcome === null ? [trial] : []));
}

function cancel(trials: readonly TrialId[]): Command[] {
  return trials.length === 0 ? [] : [{ type: "cancelTrials", trials }];
}
