import type { JobState as SearchState, Progress } from "../search/job.ts";
import type { JobRecord } from "../storage/storage.ts";
import type { JobPlan } from "./active-job.ts";
import type { Usage } from "./usage.ts";

/** What stands in a job's `progressJson`. */
export interface JobProgress extends Progress {
  /** budget.trials. */
  readonly trialsBudget: number;
  readonly usage: Usage;
}

export function describeProgress(plan: JobPlan, state: SearchState, usage: Usage): JobProgress {
  return { ...plan.search.progress(state), trialsBudget: plan.spec.search.budget.trials, usage };
}

export function readProgress(record: JobRecord): JobProgress {
  return JSON.parse(record.progressJson) as JobProgress;
}
