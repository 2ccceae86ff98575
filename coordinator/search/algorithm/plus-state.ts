import type { Distribution } from "../distribution.ts";
import { reward } from "../reward.ts";
import type { ArmKernel } from "../surrogate/arm-kernel.ts";
import type { ScoredDraw } from "./algorithm.ts";
import { measuredOnly, remember, type Entry } from "./archive.ts";

/** State of `fp-nas-plus`. */
export interface PlusState {
  readonly distribution: Distribution;
  /** In the order of their draws. */
  readonly archive: readonly Entry[];
  /** Null until it is fitted. */
  readonly kernel: ArmKernel | null;
  /** New results since the kernel was fitted. */
  readonly sinceFit: number;
  /** The next round: `count` draws (or as many as an asynchronous stage has room for), `samples` first, then uniform ones. */
  readonly next: { readonly count: number; readonly samples: readonly (readonly number[])[] };
}

/** Takes in a closed round; networks known before are no new results. */
export function recordRound(state: PlusState, draws: readonly ScoredDraw[], beta: number): PlusState {
  const archive = remember(state.archive, draws, (score) => reward(score, beta));
  const known = new Set(state.archive);
  const fresh = measuredOnly(archive.filter((entry) => !known.has(entry)));
  return { ...state, archive, sinceFit: state.sinceFit + fresh.length };
}
