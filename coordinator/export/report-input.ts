import type { JobResult } from "../../spec/result.ts";
import type { Measurement } from "../../network/measurement.ts";
import type { RoundSummary } from "../search/types.ts";

export interface ReportTrial {
  readonly trial: number;
  readonly role: string;
  readonly state: string;
  readonly arms: readonly number[];
  readonly round: number;
  readonly macs: number | null;
  readonly params: number | null;
  readonly measurement: Measurement | null;
  readonly failureReason: string | null;
  /** The same for people; null where there is nothing to say. */
  readonly failureDetail: string | null;
  /** "JOB/TRIAL" of the earlier trial whose measurement it took over; null where it was evaluated. */
  readonly reusedFrom: string | null;
}

/** All that a report shows. */
export interface ReportInput {
  readonly title: string;
  readonly result: JobResult;
  /** The spec as accepted (JSON, every default filled in). */
  readonly specJson: string;
  /** Names and arm labels, in the order of the space's choices. */
  readonly choices: readonly { readonly name: string; readonly arms: readonly string[]; readonly block: string }[];
  readonly trials: readonly ReportTrial[];
  readonly rounds: readonly RoundSummary[];
  /** Facts a reader must know, one sentence each (such as whose split of a data set it is). */
  readonly notes: readonly string[];
  /** Where the trained network lies, relative to the report; null where it was not kept. */
  readonly modelFolder: string | null;
}
