import type { TrialRecord } from "../storage/storage.ts";
import type { AttemptCounts } from "./retry.ts";

/** What stands in a trial's `attemptsJson`. */
export interface AttemptRecord {
  readonly counts: AttemptCounts;
  /** Workers that broke off while they evaluated this trial and nothing else, and have not come back since. */
  readonly tookDown: readonly string[];
}

const nothing: AttemptRecord = {
  counts: { preempted: 0, lost: 0, failed: 0, infeasible: 0, timedOut: 0 },
  tookDown: [],
};

/** How the attempts of a trial ended that brought no measurement. */
export function readAttempts({ attemptsJson }: Pick<TrialRecord, "attemptsJson">): AttemptRecord {
  if (attemptsJson === null) return nothing;
  const { counts, tookDown } = JSON.parse(attemptsJson) as Partial<AttemptRecord>;
  return { counts: { ...nothing.counts, ...counts }, tookDown: tookDown ?? nothing.tookDown };
}

export function writeAttempts(record: AttemptRecord): string {
  return JSON.stringify(record);
}

/** Whether the trial is under suspicion of having taken the worker down. */
export function accuses({ attemptsJson }: TrialRecord, workerId: string): boolean {
  // The ids of workers hold nothing that JSON would escape.
  return attemptsJson?.includes(`"${workerId}"`) === true;
}

/** The row of a trial whose supposed victim is alive. */
export function acquit(row: TrialRecord, workerId: string): TrialRecord {
  const record = readAttempts(row);
  const tookDown = record.tookDown.filter((worker) => worker !== workerId);
  return { ...row, attemptsJson: writeAttempts({ ...record, tookDown }) };
}
