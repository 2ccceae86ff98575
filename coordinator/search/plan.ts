import { entropy, uniformDistribution } from "./distribution.ts";
import { rehearse } from "./rehearsal.ts";
import { spaceSize } from "./space/size.ts";
import type { Space } from "./space/space.ts";
import type { AsynchronousRounds, SearchSpec, StageEnd, StageSpec } from "./types.ts";

/** One stage as it is planned. */
export interface StagePlan {
  readonly name: string;
  readonly slots: StageSpec["slots"];
  readonly slotCount: number;
  readonly until: StageEnd;
  /** Null in a synchronous stage. */
  readonly asynchronous: AsynchronousRounds | null;
  /** Draws of the stage's first round: exact for the first stage, rehearsed for later ones; null where the rehearsal did not get there. */
  readonly firstDraws: number | null;
}

/** What a search will do, as far as it can be said before any network was measured. */
export interface Plan {
  readonly algorithm: string;
  readonly space: {
    readonly name: string;
    readonly choices: number;
    /** Number of samples (products of arms), exact, in decimal digits: it may be beyond 2^53. */
    readonly size: string;
    /** Of the uniform distribution, nats. */
    readonly entropy: number;
  };
  readonly stages: readonly StagePlan[];
  /** Draws and search trials of a rehearsal on a made-up landscape: a rough guide. */
  readonly expectedDraws: number;
  readonly expectedTrials: number;
  /** The budget. */
  readonly maxTrials: number;
  /** Trainings of the final part at most. */
  readonly finalTrials: number;
}

/** Tells what a search will do (`--dry-run`). Throws SearchSpecError. */
export function describePlan(spec: SearchSpec, space: Space): Plan {
  const uniform = uniformDistribution(space.choices);
  const rehearsal = rehearse(spec, space);
  const blocks = new Set(space.choices.map(({ block }) => block)).size;
  return {
    algorithm: spec.algorithm.name,
    space: {
      name: space.name,
      choices: space.choices.length,
      size: String(spaceSize(space)),
      entropy: entropy(uniform),
    },
    stages: spec.stages.map(({ name, slots, until, asynchronous = null }, index) => ({
      name,
      slots,
      slotCount: slots === "block" ? blocks : space.choices.length,
      until,
      asynchronous,
      firstDraws: rehearsal.stageDraws[index] ?? null,
    })),
    expectedDraws: rehearsal.draws,
    expectedTrials: rehearsal.trials,
    maxTrials: spec.budget.trials,
    finalTrials: finalTrials(spec),
  };
}

function finalTrials({ final }: SearchSpec): number {
  if (final === null) return 0;
  return 1 + final.random + (final.largest || final.teacher !== undefined ? 1 : 0);
}
