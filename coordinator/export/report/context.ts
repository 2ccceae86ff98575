import { hinge } from "../../search/reward.ts";
import type { CostSpec } from "../../search/types.ts";
import type { JobSpec } from "../../../spec/types.ts";
import type { ReportInput, ReportTrial } from "../report-input.ts";

/** A completed trial of the search: the points of the figures. */
export interface Scored {
  readonly trial: ReportTrial;
  readonly accuracy: number;
}

/** What several sections need, worked out once. */
export interface ReportContext {
  readonly input: ReportInput;
  readonly spec: JobSpec;
  /** Completed search trials with a finite accuracy, in order of trial number. */
  readonly scored: readonly Scored[];
  /** Search trials that ended without a measurement. */
  readonly failed: readonly ReportTrial[];
  /** First and last round of each stage that closed a round, in order. */
  readonly stages: readonly StageSpan[];
}

export interface StageSpan {
  readonly name: string;
  readonly firstRound: number;
  readonly lastRound: number;
}

const endedWithout: ReadonlySet<string> = new Set(["failed", "infeasible"]);

/** Reads the input once for all sections. */
export function createContext(input: ReportInput): ReportContext {
  const search = input.trials.filter((trial) => trial.role === "search").sort((a, b) => a.trial - b.trial);
  return {
    input,
    spec: JSON.parse(input.specJson) as JobSpec,
    scored: search.flatMap((trial) =>
      trial.measurement !== null && Number.isFinite(trial.measurement.accuracy)
        ? [{ trial, accuracy: trial.measurement.accuracy }]
        : [],
    ),
    failed: search.filter((trial) => endedWithout.has(trial.state)),
    stages: stageSpans(input),
  };
}

function stageSpans(input: ReportInput): readonly StageSpan[] {
  const spans: StageSpan[] = [];
  for (const { stage, round } of input.rounds) {
    const last = spans.at(-1);
    if (last?.name === stage) spans[spans.length - 1] = { ...last, lastRound: round };
    else spans.push({ name: stage, firstRound: round, lastRound: round });
  }
  return spans;
}

/** Whether a network keeps every cost target; one of unknown cost keeps none, as the search has it. */
export function meetsTarget(
  { macs, params }: { readonly macs: number | null; readonly params: number | null },
  cost: CostSpec | null,
): boolean {
  return hinge({ ...(macs !== null && { macs }), ...(params !== null && { params }) }, cost) === 0;
}

/** Whether two samples are the same arms. */
export function sameArms(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((arm, i) => arm === b[i]);
}
