import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Database from "better-sqlite3";

import { migrations } from "../../coordinator/storage/migrations/migrations.ts";
import { readWhole } from "../../coordinator/storage/stored-file.ts";
import { openStorage } from "../support/leading.ts";
import type { TrialRecord } from "../../coordinator/storage/storage.ts";
import { jobCommit } from "../support/storage-rows.ts";
import { dumpDatabase, fillSample, sample } from "../support/storage-sample.ts";

const goldenOf = (version: number) => fileURLToPath(new URL(`storage-v${version}.sql`, import.meta.url));
const versions = migrations.map((_, index) => index + 1);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-golden-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The sample's trials as far as a schema version could hold them: the first knew no reused ones, those before the fifth no checkpoints. */
function trialsOf(version: number): readonly TrialRecord[] {
  return sample.trials
    .filter(({ reusedFrom }) => version > 1 || reusedFrom === null)
    .map((row) => (version > 4 ? row : { ...row, checkpointJson: null }));
}

/** Makes the database that a program of that schema version left, and gives its path. */
function restore(version: number): string {
  const path = join(folder, `v${version}.db`);
  const database = new Database(path);
  database.exec(readFileSync(goldenOf(version), "utf8"));
  database.close();
  return path;
}

describe("the schema of the SQLite store", () => {
  test("has a golden of every version", () => {
    expect(versions.filter((version) => !existsSync(goldenOf(version)))).toEqual([]);
  });

  test("is, with the rows that the sample makes, the golden of the newest version", async () => {
    const path = join(folder, "store.db");
    const storage = await openStorage(`sqlite:${path}`);
    await fillSample(storage);
    await storage.close();
    expect(dumpDatabase(path)).toBe(readFileSync(goldenOf(migrations.length), "utf8"));
  });

  test.each(versions)("of version %d is opened, read and written by this version", async (version) => {
    const storage = await openStorage(`sqlite:${restore(version)}`);
    try {
      const page = { size: 9, after: null };
      expect((await storage.listJobs("demo", page)).items).toEqual([sample.running, sample.done]);
      const trials = trialsOf(version);
      expect((await storage.listTrials("demo/running", page)).items).toEqual(trials);
      expect(await storage.openTrials("demo/running")).toEqual(trials.filter(({ state }) => state === "leased"));
      expect((await storage.listRounds("demo/running", page)).items).toEqual([sample.round]);
      expect(await storage.readSnapshot("demo/running")).toEqual(sample.snapshot);
      expect(await storage.readEvents("demo/running", 1)).toEqual([[2, "{2}"]]);
      expect(await storage.findRequest("request-1")).toEqual(sample.request);
      expect(await readWhole(await storage.getFile("sha"))).toEqual(sample.file);
      expect(await storage.checkpointFiles()).toEqual(version > 4 ? ["checkpoint"] : []);
      await storage.commit([jobCommit("demo/running", 2, { events: ["{3}"] })], null);
    } finally {
      await storage.close();
    }
  });
});
