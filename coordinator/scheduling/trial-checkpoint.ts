import type { TrainedWeights } from "../../network/measurement.ts";
import type { TrialRecord } from "../storage/storage.ts";

/** An unfinished evaluation of a trial, kept for the trial's next attempt (worker.proto's Checkpoint). */
export interface TrialCheckpoint {
  /** The hash of its file. */
  readonly sha256: string;
  /** Training steps made. */
  readonly step: number;
  readonly sizeBytes: number;
}

/** What stands in the row of an open trial: its checkpoint, and beside it the weights that its worker has brought before its measurement. */
type KeptJson = Partial<TrialCheckpoint> & { readonly weights?: TrainedWeights };

function readKept({ checkpointJson }: TrialRecord): KeptJson {
  return checkpointJson === null ? {} : (JSON.parse(checkpointJson) as KeptJson);
}

/** The checkpoint of a trial; null where it has none. */
export function readTrialCheckpoint(row: TrialRecord): TrialCheckpoint | null {
  const { sha256, step, sizeBytes } = readKept(row);
  return sha256 === undefined || step === undefined || sizeBytes === undefined ? null : { sha256, step, sizeBytes };
}

/** The weights that were brought for a trial; null where none were. */
export function readTrialWeights(row: TrialRecord): TrainedWeights | null {
  return readKept(row).weights ?? null;
}

/** The hashes of the files that an open trial refers to. */
export function filesOfTrial(row: TrialRecord): readonly string[] {
  const { sha256, weights } = readKept(row);
  return [sha256, weights?.sha256].filter((hash) => hash !== undefined);
}

/** What a worker brings of a trial under lease. */
export type BroughtFile = { readonly checkpoint: TrialCheckpoint } | { readonly weights: TrainedWeights };

/** The hash and the length of what is brought. */
export function brought(file: BroughtFile): TrainedWeights {
  return "weights" in file ? file.weights : file.checkpoint;
}

/** The row with this checkpoint, or these weights, in place of those before. */
export function withBrought(row: TrialRecord, file: BroughtFile): TrialRecord {
  const { weights } = readKept(row);
  const { sha256, sizeBytes } = brought(file);
  const kept: KeptJson =
    "weights" in file
      ? { ...readTrialCheckpoint(row), weights: { sha256, sizeBytes } }
      : { sha256, step: file.checkpoint.step, sizeBytes, ...(weights && { weights }) };
  return { ...row, checkpointJson: JSON.stringify(kept) };
}
