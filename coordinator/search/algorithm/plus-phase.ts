import type { Distribution } from "../distribution.ts";
import { reward } from "../reward.ts";
import type { MatchKernel } from "../surrogate/match-kernel.ts";
import type { ScoredDraw } from "./algorithm.ts";
import { measuredOnly, remember, type Entry, type Measured } from "./archive.ts";
import { uniformAs } from "./mixture.ts";
import type { PlusSettings } from "./plus-settings.ts";

/** A result and the phase that it belongs to. */
export interface PlusEntry extends Entry {
  readonly phase: number;
}

/** What is known of the phase under way: results since the last restart, and what was learned from them. */
export interface PhaseState {
  readonly phase: number;
  readonly distribution: Distribution;
  /** Best reward of the phase; null before its first. */
  readonly phaseBest: number | null;
  /** New results since then. */
  readonly idle: number;
  /** Null until it is fitted. */
  readonly kernel: MatchKernel | null;
  /** New results since the kernel was fitted. */
  readonly sinceFit: number;
  /** The next round: `count` draws (or as many as an asynchronous stage has room for), `samples` first, then uniform ones. */
  readonly next: { readonly count: number; readonly samples: readonly (readonly number[])[] };
}

/** State of `fp-nas-plus`. */
export interface PlusState extends PhaseState {
  /** Results of all phases, in the order of their draws. */
  readonly archive: readonly PlusEntry[];
  /** The phase that found the best network, of those that ended. */
  readonly remembered: { readonly distribution: Distribution; readonly best: number } | null;
}

/** A phase that knows nothing and begins with uniform draws. */
export function openPhase(uniform: Distribution, phase: number, count: number): PhaseState {
  return {
    phase,
    distribution: uniform,
    phaseBest: null,
    idle: 0,
    kernel: null,
    sinceFit: 0,
    next: { count, samples: [] },
  };
}

/** The measured results of the phase under way. */
export function phaseResults({ archive, phase }: PlusState): Measured<PlusEntry>[] {
  return measuredOnly(archive).filter((entry) => entry.phase === phase);
}

/** Takes in a closed round; networks known before are no new results. */
export function recordRound(state: PlusState, draws: readonly ScoredDraw[], beta: number): PlusState {
  const entries = draws.map(({ arms, score }) => ({ arms, score, phase: state.phase }));
  const archive = remember(state.archive, entries, (score) => reward(score, beta));
  const known = new Set(state.archive);
  let { phaseBest, idle, sinceFit } = state;
  for (const { score } of measuredOnly(archive.filter((entry) => !known.has(entry)))) {
    const found = reward(score, beta);
    idle = phaseBest === null || found > phaseBest ? 0 : idle + 1;
    phaseBest = Math.max(phaseBest ?? -Infinity, found);
    sinceFit++;
  }
  return { ...state, archive, phaseBest, idle, sinceFit };
}

/**
 * A new phase where this one has brought nothing better for so long, and the results are not noise; null where it goes on.
 * It begins at the uniform distribution, with the last result alone.
 */
export function restartIfStuck(state: PlusState, chosen: PlusSettings, beta: number): PlusState | null {
  const last = phaseResults(state).at(-1);
  const isNoisy = state.kernel === null || state.kernel.noise > chosen.noiseGate;
  if (state.idle < chosen.patience || isNoisy || last === undefined) return null;
  const phase = state.phase + 1;
  return {
    ...openPhase(uniformAs(state.distribution), phase, chosen.n0),
    phaseBest: reward(last.score, beta),
    archive: state.archive.map((entry) => (entry === last ? { ...entry, phase } : entry)),
    remembered: betterPhase(state),
  };
}

function betterPhase({ distribution, phaseBest, remembered }: PlusState): PlusState["remembered"] {
  if (phaseBest === null || (remembered !== null && remembered.best >= phaseBest)) return remembered;
  return { distribution, best: phaseBest };
}
