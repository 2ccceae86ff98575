import { StorageError } from "./storage.ts";
import type { JobCommit, JobKey } from "./storage.ts";

/** The store knows another last event of the job than its writer does, or does not know the job at all. */
export function jobConflict(job: JobKey, expectedSeq: number): StorageError {
  return new StorageError("conflict", `job ${job} is not at event ${expectedSeq}: another writer changed it`);
}

/** A commit updates a trial that its job does not have. */
export function trialConflict(job: JobKey, trial: number): StorageError {
  return new StorageError("conflict", `job ${job} has no trial ${trial} to update`);
}

/** A commit keeps a file that the store does not have. */
export function fileConflict(sha256: string): StorageError {
  return new StorageError("conflict", `there is no file ${sha256} to keep`);
}

/** The request was answered before. */
export function requestConflict(requestId: string): StorageError {
  return new StorageError("conflict", `request ${requestId} has an answer already`);
}

/** The writer led in an earlier term. */
export function deposed(term: number): StorageError {
  return new StorageError("deposed", `the leadership of term ${term} is over: another coordinator leads`);
}

/** A file was dropped while it was being read. */
export function fileTakenAway(sha256: string): StorageError {
  return new StorageError("unavailable", `file ${sha256} was taken away while it was read`);
}

/** The store was used after `close`. */
export function storeClosed(): StorageError {
  return new StorageError("unavailable", "the store is closed");
}

/**
 * Throws `unsupported` for a commit that no store can hold: rows of a job other than the commit's own,
 * which its `expectedSeq` would not fence, and numbers that are not whole, which SQL's integers refuse.
 */
export function checkCommit(commit: JobCommit): void {
  const { job, record } = commit;
  checkIntegers(`commit of job ${job}`, commit, ["expectedSeq"]);
  if (record !== null) {
    checkOwner(job, "the record", record.key);
    checkIntegers(`job ${job}`, record, ["createTimeMs", "endTimeMs"]);
  }
  for (const trial of commit.newTrials) {
    checkOwner(job, `trial ${trial.trial}`, trial.job);
    checkIntegers(`trial ${trial.trial} of job ${job}`, trial, ["round", "macs", "params"]);
    checkIntegers(`trial ${trial.trial} of job ${job}`, trial, updateIntegers);
  }
  for (const trial of commit.trials) {
    checkOwner(job, `trial ${trial.trial}`, trial.job);
    checkIntegers(`trial ${trial.trial} of job ${job}`, trial, updateIntegers);
  }
  for (const round of commit.rounds) {
    checkOwner(job, `round ${round.round}`, round.job);
    checkIntegers(`a round of job ${job}`, round, ["round"]);
  }
}

const updateIntegers = ["trial", "leaseToken", "leaseTimeMs", "endTimeMs", "busyMs"] as const;

function checkOwner(job: JobKey, what: string, owner: JobKey): void {
  if (owner !== job) {
    throw new StorageError("unsupported", `${what} belongs to job ${owner}, not to job ${job} that commits it`);
  }
}

function checkIntegers<K extends string>(what: string, row: Readonly<Record<K, number | null>>, fields: readonly K[]) {
  for (const field of fields) {
    const value = row[field];
    if (value !== null && !Number.isSafeInteger(value)) {
      throw new StorageError("unsupported", `${field} of ${what} must be a whole number, not ${value}`);
    }
  }
}
