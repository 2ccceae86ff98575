import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Database from "better-sqlite3";

import { migrations } from "../../coordinator/storage/migrations/migrations.ts";
import { openStorage } from "../support/leading.ts";
import { expectSample } from "../support/storage-sample-check.ts";
import { dumpDatabase, fillSample, trialsOf } from "../support/storage-sample.ts";

const goldenOf = (version: number) => fileURLToPath(new URL(`storage-v${version}.sql`, import.meta.url));
const versions = migrations.map((_, index) => index + 1);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-golden-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

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
      await expectSample(storage, trialsOf(version), version > 4);
    } finally {
      await storage.close();
    }
  });
});
