import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { migrations } from "../../coordinator/storage/migrations/migrations.ts";
import { openStorage } from "../support/leading.ts";
import { dumpPostgres } from "../support/postgres-dump.ts";
import { PostgresServer } from "../support/postgres-server.ts";
import { expectSample } from "../support/storage-sample-check.ts";
import { fillSample, trialsOf } from "../support/storage-sample.ts";

/** There was no PostgreSQL store before. */
const firstVersion = 4;

const goldenOf = (version: number) => fileURLToPath(new URL(`storage-postgres-v${version}.sql`, import.meta.url));
const versions = migrations.map((_, index) => index + 1).filter((version) => version >= firstVersion);

let server: PostgresServer;
let url: string;

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(async () => {
  url = await server.createDatabase();
});

afterAll(() => server.stop());

describe("the schema of the PostgreSQL store", () => {
  test("has a golden of every version", () => {
    expect(versions.filter((version) => !existsSync(goldenOf(version)))).toEqual([]);
  });

  test("is, with the rows that the sample makes, the golden of the newest version", async () => {
    const storage = await openStorage(url);
    await fillSample(storage);
    await storage.close();
    const dump = await dumpPostgres((sql) => server.query(url, sql));
    expect(dump).toBe(readFileSync(goldenOf(migrations.length), "utf8"));
  });

  test.each(versions)("of version %d is opened, read and written by this version", async (version) => {
    await server.query(url, readFileSync(goldenOf(version), "utf8"));
    const storage = await openStorage(url);
    try {
      await expectSample(storage, trialsOf(version), version > 4);
    } finally {
      await storage.close();
    }
  });
});
