import { failureReasons } from "../../network/measurement.ts";
import { networkHash } from "../../network/canonical.ts";
import { betterAnswer, betterObserved, type Candidate } from "./best.ts";
import { searchContext, type SearchContext } from "./context.ts";
import { entropy, marginals } from "./distribution.ts";
import { noDraws, samplesOf } from "./draw-list.ts";
import { asynchronousRounds, drawRound, roomBeside } from "./draw-round.ts";
import { planFinals } from "./finals.ts";
import { failedTrials, noFailures, stateVersion, type DrawList, type JobState } from "./job-state.ts";
import { endedOutcome, type EndedOutcome } from "./measurement.ts";
import { extendFront } from "./pareto.ts";
import { searchProgress, searchResult, type Progress } from "./result.ts";
import {
  applyOutcome,
  candidateOf,
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
import type { Command, Event, KnownTrial, RoundSummary, SearchSpec, Seed, TrialId } from "./types.ts";

/** A state and the commands that go with it. */
type Step = readonly [state: JobState, commands: readonly Command[]];

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

function initialState(seed: Seed, { algorithm, spec }: SearchContext): JobState {
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
    rounds: 0,
    draws: 0,
    trials: 0,
    measured: 0,
    failures: noFailures,
    answer: null,
    bestObserved: null,
    recommended: null,
    front: [],
    finals: [],
  };
}

function handle(state: JobState, event: Event, context: SearchContext): Step {
  switch (event.type) {
    case "jobStarted":
      if (state.phase !== "created") return [state, []];
      return advance({ ...state, phase: "searching", startMs: event.atMs }, context);
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
        { ...state, phase: "ended", round: null },
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
      if (state.round === null)
        return state.outOfTime ? endSearch(state, noDraws, context) : openRound(state, noDraws, false, context);
      if (isRoundOver(state.round, asynchronousRounds(state, context))) return closeRound(state, context);
      return state.outOfTime && state.round.resolved ? closeRound(state, context) : [state, []];
    case "training":
      return state.finals.every(({ outcome }) => outcome !== null) ? finish(state, context) : [state, []];
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
  return [{ ...state, round }, [{ type: "lookupNetworks", hashes: unknownNetworks(round) }]];
}

function takeLookup(state: JobState, known: readonly (KnownTrial | null)[], context: SearchContext): Step {
  if (state.phase === "answering") return takeAnswer(state, known, context);
  if (state.round === null || state.round.resolved) return [state, []];
  if (known.length !== unknownNetworks(state.round).length) return [state, []];
  const allowance = context.spec.budget.trials - state.trials;
  const [round, planned] = resolveRound(state.round, known, state.trials + 1, allowance, context);
  const [after, commands] = advance({ ...state, round, trials: state.trials + planned.length }, context);
  return [after, planned.length === 0 ? commands : [{ type: "createTrials", trials: planned }, ...commands]];
}

function takeOutcome(state: JobState, trial: TrialId, raw: EndedOutcome, context: SearchContext): Step {
  const outcome = endedOutcome(raw);
  if (state.phase === "training") {
    const place = state.finals.findIndex((final) => final.trial === trial);
    const final = state.finals[place];
    if (final === undefined || final.outcome !== null) return [state, []];
    return advance({ ...state, finals: state.finals.with(place, { ...final, outcome }) }, context);
  }
  const round = state.round === null ? null : applyOutcome(state.round, trial, outcome);
  if (round === null) return [state, []];
  return advance({ ...countOutcome(state, outcome), round }, context);
}

function countOutcome(state: JobState, outcome: EndedOutcome): JobState {
  if (outcome.type === "completed") return { ...state, measured: state.measured + 1 };
  const count = state.failures[outcome.reason] + 1;
  return { ...state, failures: { ...state.failures, [outcome.reason]: count } };
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
  const [round, underWay] = state.outOfTime ? [state.round, noDraws] : partRound(state.round);
  const learned = context.algorithm.update(
    state.algorithm,
    scoreDraws(round, context),
    updateStream(state.seed, round),
    { pending: samplesOf(underWay), room: roomBeside(underWay, state, context) },
  );
  const candidates = measuredCandidates(round, context);
  const nats = entropy(context.algorithm.distribution(learned));
  const counts = { draws: round.draws.length, newTrials: round.newTrials, entropy: nats };
  const hasDrawn = state.round.draws.length > state.round.carried;
  const closed: JobState = {
    ...state,
    algorithm: learned,
    round: null,
    rounds: round.number,
    draws: state.draws + round.draws.length,
    stage: countRound(state.stage, { ...counts, hasDrawn }),
    answer: candidates.reduce(betterAnswer, state.answer),
    bestObserved: candidates.reduce(betterObserved, state.bestObserved),
    front: extendFront(state.front, candidates, context.costFigure),
  };
  const summary = roundSummary(closed, counts, context);
  const [after, commands] = goOn(closed, nats, underWay, context);
  return [after, [...cancel(openTrials(round)), { type: "closeRound", summary }, ...commands]];
}

/**
 * After a closed round, in this order: nothing but failures for max(16, 2K) trials ends the job (infeasible networks apart: they are
 * the space's, and the next may be feasible; K is `inFlight` in an asynchronous stage); so does a spent budget; an ended or converged
 * stage is followed by the next, the last one by the end; else there is another round.
 */
function goOn(state: JobState, nats: number, underWay: DrawList, context: SearchContext): Step {
  const { algorithm, spec } = context;
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
 * With noisy rewards the trial of the network that the algorithm recommends is looked up first.
 */
function endSearch(state: JobState, underWay: DrawList, context: SearchContext): Step {
  const ended = endStage(state, context);
  const cancelled = cancel(openTrials(underWay));
  if (ended.answer === null) {
    const failed: JobState = { ...ended, phase: "ended" };
    return [failed, [...cancelled, { type: "finishJob", outcome: { type: "failed", error: nothingMeasured(ended) } }]];
  }
  const [after, commands] = settleAnswer(ended, ended.answer, context);
  return [after, [...cancelled, ...commands]];
}

function settleAnswer(state: JobState, observed: Candidate, context: SearchContext): Step {
  const { algorithm, spec, space } = context;
  const arms = (spec.noisy && algorithm.recommend?.(state.algorithm)) || null;
  if (arms === null) return train(state, observed, context);
  const hashes = [networkHash(space.decode(arms))];
  return [{ ...state, phase: "answering", recommended: arms }, [{ type: "lookupNetworks", hashes }]];
}

/** The recommended network becomes the answer if it has been measured and misses the targets by no more than the best observed. */
function takeAnswer(state: JobState, known: readonly (KnownTrial | null)[], context: SearchContext): Step {
  const { answer, recommended } = state;
  if (answer === null || recommended === null || known.length !== 1) return [state, []];
  const [found = null] = known;
  const outcome = found === null || found.outcome.type === "pending" ? null : endedOutcome(found.outcome);
  const settled: JobState = { ...state, recommended: null };
  if (found === null || outcome?.type !== "completed") return train(settled, answer, context);
  const candidate = candidateOf(found.trial, recommended, outcome.measurement, context);
  const isAsFeasible = (candidate.hinge ?? Infinity) <= (answer.hinge ?? Infinity);
  return train(settled, isAsFeasible ? candidate : answer, context);
}

function train(state: JobState, answer: Candidate, context: SearchContext): Step {
  const planned = planFinals(answer, state.seed, state.trials + 1, context);
  const finals = planned.flatMap(({ role, trial, arms }) =>
    role === "search" ? [] : [{ role, trial, arms, outcome: null }],
  );
  const [after, commands] = advance({ ...state, phase: "training", answer, finals }, context);
  const create: Command[] = planned.length === 0 ? [] : [{ type: "createTrials", trials: planned }];
  return [after, [...create, ...commands]];
}

function finish(state: JobState, context: SearchContext): Step {
  const { answer, bestObserved } = state;
  if (answer === null || bestObserved === null) return [state, []];
  const result = searchResult(state, answer, bestObserved, context);
  return [{ ...state, phase: "ended" }, [{ type: "finishJob", outcome: { type: "succeeded", result } }]];
}

function nothingMeasured(state: JobState): string {
  const failed = failedTrials(state);
  if (failed === 0) return "The search ended before any network was measured.";
  const reason = failureReasons.reduce((most, next) => (state.failures[next] > state.failures[most] ? next : most));
  return `No network was measured: ${failed} of ${state.trials} trials failed, most often with ${reason} (${state.failures[reason]}).`;
}

function roundSummary(
  state: JobState,
  counts: Omit<ClosedRound, "hasDrawn">,
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
function waitedFor({ round, finals }: JobState): TrialId[] {
  if (round !== null) return openTrials(round);
  return finals.flatMap(({ trial, outcome }) => (outcome === null ? [trial] : []));
}

function cancel(trials: readonly TrialId[]): Command[] {
  return trials.length === 0 ? [] : [{ type: "cancelTrials", trials }];
}
