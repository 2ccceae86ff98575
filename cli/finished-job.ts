import type { Job } from "../client/types.ts";
import type { JobResult } from "../spec/result.ts";

/** A job that succeeded. */
export type FinishedJob = Job & { readonly result: JobResult };

/** Whether a job has succeeded. */
export function isFinished(job: Job): job is FinishedJob {
  return job.result !== null;
}
