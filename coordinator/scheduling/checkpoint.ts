import type { JobState as SearchState } from "../search/job-state.ts";
import type { JobRecord } from "../storage/storage.ts";

/** What a commit takes from one value to the next: the job's row, the core's state, and the number of the last event. */
export interface JobCheckpoint {
  readonly record: JobRecord;
  readonly state: SearchState;
  /** Of the last event appended; 0 before the first. */
  readonly seq: number;
}
