import { pino } from "pino";
import type { Clock } from "../../coordinator/scheduling/clock.ts";
import { Engine } from "../../coordinator/scheduling/engine.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import type { JobKey, JobRecord, Storage, TrialRecord } from "../../coordinator/storage/storage.ts";
import type { WeightsStore } from "../../coordinator/weights/weights-store.ts";
import { FakeClock } from "./scheduling-clock.ts";
import { sha256, smallTable, tabularSpec } from "./scheduling-table.ts";

export const silent = pino({ level: "silent" });

export const leaseTtlMs = 30_000;

/** An engine on the memory store under a clock that stands still. */
export async function openBench(
  storage: Storage = createMemoryStorage(),
  clock = new FakeClock(),
): Promise<{ engine: Engine; storage: Storage; clock: FakeClock }> {
  return { engine: await startEngine(storage, clock), storage, clock };
}

export function startEngine(storage: Storage, clock: Clock, weights?: WeightsStore): Promise<Engine> {
  return Engine.start({ storage, clock, logger: silent, leaseTtlMs, ...(weights && { weights }) });
}

/** Submits a tabular job, with its table. */
export async function submit(
  engine: Engine,
  more: { jobId?: string; requestId?: string; spec?: Record<string, unknown>; table?: Uint8Array } = {},
): Promise<JobRecord> {
  const table = more.table ?? smallTable();
  await engine.putFile(sha256(table), table);
  const { record } = await engine.createJob({
    project: "default",
    jobId: more.jobId ?? "first",
    spec: tabularSpec(more.spec),
    files: new Map([["small.json", sha256(table)]]),
    requestId: more.requestId ?? "",
    validateOnly: false,
  });
  return record;
}

/** Every trial of a job. */
export async function allTrials(storage: Storage, job: JobKey): Promise<readonly TrialRecord[]> {
  return (await storage.listTrials(job, { size: 1000, after: null })).items;
}
