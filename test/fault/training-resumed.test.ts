import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { credentials } from "@grpc/grpc-js";
import Database from "better-sqlite3";
import { startCoordinator, type RunningCoordinator } from "../../coordinator/serve.ts";
import type { Job__Output } from "../../proto/gen/fpnas/v1/Job.ts";
import type { SearchServiceClient } from "../../proto/gen/fpnas/v1/SearchService.ts";
import type { Trial__Output } from "../../proto/gen/fpnas/v1/Trial.ts";
import { searchService } from "../../proto/load.ts";
import { call } from "../support/rpc-bench.ts";
import { silent } from "../support/scheduling-bench.ts";
import { TrainingWorker } from "../support/training-worker-process.ts";

const folder = mkdtempSync(join(tmpdir(), "fpnas-resumed-"));
const steps = 40;
const spec = {
  name: "resumed",
  space: "mbconv-small",
  algorithm: { name: "random" },
  evaluator: { train: { dataset: "fashion-mnist", steps, batch: 8 } },
  budget: { trials: 1 },
  seed: 3,
};

let coordinator: RunningCoordinator;
let stub: SearchServiceClient;
const workers: TrainingWorker[] = [];

beforeEach(async () => {
  const store = `sqlite:${join(folder, "store.db")}`;
  // Short, so that a lease whose worker is killed does not last long.
  coordinator = await startCoordinator({
    listen: "127.0.0.1:0",
    health: null,
    advertise: null,
    store,
    weights: null,
    leaseTtlMs: 2_000,
    logger: silent,
  });
  stub = new searchService(coordinator.address, credentials.createInsecure());
});

afterEach(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  stub.close();
  await coordinator.stop();
  rmSync(folder, { recursive: true });
});

const start = (id: string): TrainingWorker => {
  const worker = new TrainingWorker(coordinator.address, id);
  workers.push(worker);
  return worker;
};
const hasStored = (worker: TrainingWorker) => worker.lines.until(() => worker.storedSteps.length > 0);

async function submit(jobId: string): Promise<string> {
  const { job } = await call(stub, "CreateJob", { jobId, specJson: JSON.stringify(spec) });
  return (job as Job__Output).name;
}

/** The one trial of a job, once the job has ended. */
async function trialOf(name: string): Promise<Trial__Output> {
  for await (const view of stub.watchJob({ name }) as AsyncIterable<object>) expect(view).toHaveProperty("job");
  const { trials } = (await call(stub, "ListTrials", { parent: name })) as { trials: Trial__Output[] };
  return trials[0]!;
}

test("a training whose workers are killed and stopped goes on from their checkpoints, and measures what an undisturbed one does", async () => {
  const name = await submit("disturbed");
  const killed = start("killed");
  await hasStored(killed);
  killed.kill("SIGKILL");
  expect(await killed.ended).toEqual([null, "SIGKILL"]);

  const stopped = start("stopped");
  await hasStored(stopped);
  stopped.kill("SIGTERM");
  expect(await stopped.ended).toEqual([0, null]);
  // Of the last one that was answered: another may have been stored unheard as the worker died.
  expect(stopped.resumedStep).toBeGreaterThanOrEqual(killed.storedSteps.at(-1)!);
  expect(stopped.resumedStep).toBeLessThan(steps);

  const last = start("last");
  const disturbed = await trialOf(name);
  expect(last.resumedStep).toBe(stopped.storedSteps.at(-1));
  expect(disturbed.measurement!.extra).toMatchObject({ resumedAtStep: last.resumedStep });
  expect(disturbed).toMatchObject({ state: "STATE_COMPLETED", attempts: 3, endedAttempts: { lost: 1, preempted: 1 } });

  const { measurement: undisturbed } = await trialOf(await submit("undisturbed"));
  const { accuracy, loss, steps: trained } = disturbed.measurement!;
  expect({ accuracy, loss, steps: trained }).toEqual({
    accuracy: undisturbed!.accuracy,
    loss: undisturbed!.loss,
    steps: undisturbed!.steps,
  });
  expect(undisturbed!.extra).not.toHaveProperty("resumedAtStep");

  await coordinator.stop();
  const database = new Database(join(folder, "store.db"), { readonly: true });
  expect(database.prepare("select count(*) from file_chunks").pluck().get()).toBe(0);
  database.close();
});
