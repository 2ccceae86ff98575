import type { JobState as SearchState, Progress } from "../search/job.ts";
import type { Choice } from "../search/space/space.ts";
import type { RoundSummary } from "../search/types.ts";
import type { JobRecord, RoundRecord } from "../storage/storage.ts";
import type { JobPlan } from "./active-job.ts";
import type { Usage } from "./usage.ts";

/** What stands in a job's `progressJson`. */
export interface JobProgress extends Progress {
  /** budget.trials. */
  readonly trialsBudget: number;
  readonly usage: Usage;
}

/** What stands in a round's `summaryJson`: it names the choices, so that it can be read without the job's space. */
export interface JobRound extends Omit<RoundSummary, "marginals"> {
  readonly marginals: readonly { readonly choice: string; readonly probabilities: readonly number[] }[];
}

export function describeRound(summary: RoundSummary, choices: readonly Choice[]): JobRound {
  const marginals = summary.marginals.map((probabilities, index) => ({
    choice: choices[index]?.name ?? "",
    probabilities,
  }));
  return { ...summary, marginals };
}

export function readRound(record: RoundRecord): JobRound {
  return JSON.parse(record.summaryJson) as JobRound;
}

export function describeProgress(plan: JobPlan, state: SearchState, usage: Usage): JobProgress {
  return { ...plan.search.progress(state), trialsBudget: plan.spec.search.budget.trials, usage };
}

export function readProgress(record: JobRecord): JobProgress {
  return JSON.parse(record.progressJson) as JobProgress;
}
