import type { JobSpec } from "../../spec/types.ts";
import { decodeSnapshot } from "../search/snapshot.ts";
import type { Event } from "../search/types.ts";
import { StorageError, type JobKey, type JobRecord, type Storage } from "../storage/storage.ts";
import type { ActiveJob, JobPlan } from "./active-job.ts";
import type { JobCheckpoint } from "./checkpoint.ts";
import { LeaseTable, newLease } from "./leases.ts";
import { neededEvaluator } from "./needed-evaluator.ts";
import { PendingQueue } from "./pending-queue.ts";
import { planJob } from "./plan-job.ts";
import { readProgress } from "./progress.ts";
import { UsageMeter, type Usage } from "./usage.ts";

/** A job without trials, as it is before its first turn. */
export function emptyJob(
  plan: JobPlan,
  checkpoint: JobCheckpoint,
  usage: Usage,
  leaseTtlMs: number,
  nowMs: number,
): ActiveJob {
  return {
    plan,
    checkpoint,
    open: new Map(),
    pending: new PendingQueue(),
    leases: new LeaseTable(leaseTtlMs),
    meter: new UsageMeter(usage, nowMs),
  };
}

/**
 * Takes up a job as the store has it: the snapshot, the events after it, the trials that have not ended. Trials under lease keep
 * their token and get one whole time to live, in which their workers come back. Rejects with StorageError, and with what `planJob` and
 * `decodeSnapshot` throw.
 */
export async function loadJob(
  record: JobRecord,
  storage: Storage,
  leaseTtlMs: number,
  nowMs: number,
): Promise<ActiveJob> {
  const plan = await planJob(record.key, JSON.parse(record.specJson) as JobSpec, readFiles(record), storage);
  const checkpoint = await replay(plan, record, storage);
  const job = emptyJob(plan, checkpoint, readProgress(record).usage, leaseTtlMs, nowMs);
  for (const row of await storage.openTrials(record.key)) {
    job.open.set(row.trial, row);
    if (row.state === "pending") job.pending.add(row.trial);
    else job.leases.open(newLease(row, plan.evaluationOf(row, checkpoint.state), true), nowMs);
  }
  return job;
}

/** The files of a job: path as written in the spec to SHA-256. */
export function readFiles(record: JobRecord): ReadonlyMap<string, string> {
  return new Map(Object.entries(JSON.parse(record.filesJson) as Record<string, string>));
}

/** What a worker must have to evaluate the job's trials that are open now. */
export function evaluatorOf(record: JobRecord): string {
  return neededEvaluator(JSON.parse(record.specJson) as JobSpec, readProgress(record).stage === "final");
}

/** Runs the events after the snapshot through the core. Their commands were obeyed in the commits that stored them. */
async function replay(plan: JobPlan, record: JobRecord, storage: Storage): Promise<JobCheckpoint> {
  const { key } = plan;
  const snapshot = await storage.readSnapshot(key);
  let state = snapshot === null ? plan.search.init(plan.spec.seed) : decodeSnapshot(snapshot.json);
  let seq = snapshot?.seq ?? 0;
  for (const [number, text] of await storage.readEvents(key, seq)) {
    if (number !== seq + 1) throw missingEvent(key, seq + 1);
    [state] = plan.search.step(state, JSON.parse(text) as Event);
    seq = number;
  }
  // A turn that ends a job stores its end, too.
  if (state.phase === "ended")
    throw new StorageError("corrupt", `job ${key} has ended by its events, but not by its row`);
  return { record, state, seq };
}

function missingEvent(key: JobKey, seq: number): StorageError {
  return new StorageError("corrupt", `event ${seq} of job ${key} is missing`);
}
