import { expect } from "@jest/globals";

import { readWhole } from "../../coordinator/storage/stored-file.ts";
import type { Storage, TrialRecord } from "../../coordinator/storage/storage.ts";
import { jobCommit } from "./storage-rows.ts";
import { sample } from "./storage-sample.ts";

/** Expects a store to hold the sample with these of its trials, maybe with checkpoints, and to take a commit on top. */
export async function expectSample(
  storage: Storage,
  trials: readonly TrialRecord[],
  hasCheckpoints: boolean,
): Promise<void> {
  const page = { size: 9, after: null };
  expect((await storage.listJobs("demo", page)).items).toEqual([sample.running, sample.done]);
  expect((await storage.listTrials("demo/running", page)).items).toEqual(trials);
  expect(await storage.openTrials("demo/running")).toEqual(trials.filter(({ state }) => state === "leased"));
  expect((await storage.listRounds("demo/running", page)).items).toEqual([sample.round]);
  expect(await storage.readSnapshot("demo/running")).toEqual(sample.snapshot);
  expect(await storage.readEvents("demo/running", 1)).toEqual([[2, "{2}"]]);
  expect(await storage.findRequest("request-1")).toEqual(sample.request);
  expect(await readWhole(await storage.getFile("sha"))).toEqual(sample.file);
  expect(await storage.checkpointFiles()).toEqual(hasCheckpoints ? ["checkpoint"] : []);
  await storage.commit([jobCommit("demo/running", 2, { events: ["{3}"] })], null);
}
