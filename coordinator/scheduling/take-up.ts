import type { Logger } from "pino";
import { SpecError } from "../../spec/types.ts";
import { SnapshotError } from "../search/snapshot.ts";
import { StorageError, type JobRecord, type Storage } from "../storage/storage.ts";
import type { ActiveJob } from "./active-job.ts";
import { cancelRow } from "./attempts.ts";
import { EngineError } from "./errors.ts";
import { loadJob } from "./load-job.ts";

/**
 * Takes up every job that has not ended, oldest first. A job whose files are gone, or whose spec this version refuses, ends as failed;
 * a job whose state this version cannot read is left alone, and the store refused. Rejects with StorageError.
 */
export async function takeUpJobs(
  storage: Storage,
  logger: Logger,
  leaseTtlMs: number,
  nowMs: number,
): Promise<readonly ActiveJob[]> {
  const jobs: ActiveJob[] = [];
  for (const record of await storage.openJobs()) {
    try {
      const job = await loadJob(record, storage, leaseTtlMs, nowMs);
      logger.info(
        { job: record.key, state: record.state, events: job.checkpoint.seq, open: job.open.size },
        "job taken up",
      );
      jobs.push(job);
    } catch (error) {
      if (error instanceof SnapshotError) {
        throw new StorageError("unsupported", `job ${record.key}: ${error.message}`, { cause: error });
      }
      if (!(error instanceof SpecError) && !(error instanceof EngineError)) throw error;
      logger.error({ err: error, job: record.key }, "job cannot be taken up");
      await failJob(storage, record, `the job cannot be taken up again: ${error.message}`, nowMs);
    }
  }
  return jobs;
}

async function failJob(storage: Storage, record: JobRecord, error: string, nowMs: number): Promise<void> {
  const seq = (await storage.readSnapshot(record.key))?.seq ?? 0;
  const later = await storage.readEvents(record.key, seq);
  const open = await storage.openTrials(record.key);
  const commit = {
    job: record.key,
    expectedSeq: seq + later.length,
    events: [],
    newTrials: [],
    trials: open.map((row) => cancelRow(row, nowMs)),
    rounds: [],
    keptFiles: [],
    snapshotJson: null,
    record: { ...record, state: "failed", endTimeMs: nowMs, error } as const,
  };
  await storage.commit([commit], null);
}
