import type { TrialRecord } from "../storage/storage.ts";

/** An unfinished evaluation of a trial, kept for the trial's next attempt (worker.proto's Checkpoint). */
export interface TrialCheckpoint {
  /** The hash of its file. */
  readonly sha256: string;
  /** Training steps made. */
  readonly step: number;
  readonly sizeBytes: number;
}

/** What stands in the row of a trial. */
export function readTrialCheckpoint({ checkpointJson }: TrialRecord): TrialCheckpoint | null {
  return checkpointJson === null ? null : (JSON.parse(checkpointJson) as TrialCheckpoint);
}

/** The row with this checkpoint in place of the one before. */
export function withCheckpoint(row: TrialRecord, { sha256, step, sizeBytes }: TrialCheckpoint): TrialRecord {
  return { ...row, checkpointJson: JSON.stringify({ sha256, step, sizeBytes }) };
}
