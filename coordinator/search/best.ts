import type { Measurement } from "../../network/measurement.ts";
import type { TrialId } from "./types.ts";

/** A measured network with what it is compared by. Plain JSON: unknown numbers are null. */
export interface Candidate {
  readonly trial: TrialId;
  readonly arms: readonly number[];
  readonly measurement: Measurement;
  readonly macs: number | null;
  readonly params: number | null;
  /** Sum of the cost hinges; null where a target is set and the cost is not known. */
  readonly hinge: number | null;
}

/**
 * The better answer: one that meets every cost target before one that does not; among those that do not, the lower hinge
 * (an unknown cost last); then the higher accuracy, the fewer MACs (unknown last), the earlier trial.
 * A total order, so the best of many does not depend on the order they are met in.
 */
export function betterAnswer(current: Candidate | null, next: Candidate): Candidate {
  return better(current, next, answerKey);
}

/** The higher accuracy whatever the cost, then the fewer MACs, the earlier trial. */
export function betterObserved(current: Candidate | null, next: Candidate): Candidate {
  return better(current, next, observedKey);
}

/**
 * As `betterAnswer`, but by the log-likelihood instead of the accuracy, unknown last: on shared weights it ranks networks better
 * (docs/supernet.md), and it is what their search learns from.
 */
export function betterFinalist(current: Candidate | null, next: Candidate): Candidate {
  return better(current, next, finalistKey);
}

function better(current: Candidate | null, next: Candidate, key: (of: Candidate) => readonly number[]): Candidate {
  return current !== null && firstDifference(key(current), key(next)) <= 0 ? current : next;
}

/** Lower is better, entry by entry. */
function observedKey({ measurement, macs, trial }: Candidate): readonly number[] {
  return [-measurement.accuracy, macs ?? Infinity, trial];
}

function answerKey(candidate: Candidate): readonly number[] {
  return [candidate.hinge ?? Infinity, ...observedKey(candidate)];
}

function finalistKey({ hinge, measurement, macs, trial }: Candidate): readonly number[] {
  return [hinge ?? Infinity, measurement.loss ?? Infinity, macs ?? Infinity, trial];
}

function firstDifference(left: readonly number[], right: readonly number[]): number {
  for (const [place, value] of left.entries()) {
    const other = right[place] ?? value;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
