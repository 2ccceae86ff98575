import { readAttempts } from "../../coordinator/scheduling/attempt-record.ts";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { LeaseKey } from "../../coordinator/scheduling/worker-session.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";
import { openBench, submit } from "./scheduling-bench.ts";
import { settle, type FakeClock } from "./scheduling-clock.ts";
import type { FakeWorker } from "./scheduling-worker.ts";

/** The job that `submit` makes unless told otherwise. */
export const firstJob = "default/first";

/** An engine with the first job. */
export async function benchWithJob(): Promise<{ engine: Engine; storage: Storage; clock: FakeClock }> {
  const opened = await openBench();
  await submit(opened.engine);
  return opened;
}

/** How a trial's attempts ended, as the store has it. */
export async function attemptsOf(storage: Storage, trial = 1): Promise<ReturnType<typeof readAttempts>> {
  const row = await storage.getTrial(firstJob, trial);
  if (row === null) throw new Error(`there is no trial ${trial}`);
  return readAttempts(row);
}

/** One lease for the worker. */
export async function lease(worker: FakeWorker): Promise<LeaseKey> {
  worker.want(1);
  await settle();
  return worker.take().key;
}
