import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Database from "better-sqlite3";

import { migrations } from "../../coordinator/storage/migrations/migrations.ts";
import { readWhole } from "../../coordinator/storage/stored-file.ts";
import { hashLookup, prepareReads } from "../../coordinator/storage/sql/read-statements.ts";
import type { SqlStatement } from "../../coordinator/storage/sql/sql-database.ts";
import { sqliteDialect } from "../../coordinator/storage/sqlite-dialect.ts";
import { openSqliteStore } from "../../coordinator/storage/sqlite.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";
import { leadStore } from "../support/leading.ts";
import { jobCommit, newJobCommit, trialRecord, trialUpdate } from "../support/storage-rows.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-sqlite-"));
  path = join(folder, "store.db");
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function openSqlite(file: string): Promise<Storage> {
  return leadStore(await openSqliteStore(file));
}

/** Makes a store at `path` with one job of `trialCount` trials, and closes it. */
async function makeStore(trialCount: number): Promise<void> {
  const storage = await openSqlite(path);
  const trials = Array.from({ length: trialCount }, (_, index) => trialRecord("p/a", index + 1));
  await storage.commit([newJobCommit("p/a", { newTrials: trials })], null);
  await storage.close();
}

describe("opening a SQLite store", () => {
  test("makes the folders that are missing", async () => {
    path = join(folder, "a", "b", "store.db");
    await (await openSqlite(path)).close();
    expect(existsSync(path)).toBe(true);
  });

  test("refuses a file that is open already, by any name, and takes it once that is closed", async () => {
    const storage = await openSqlite(path);
    const alias = join(folder, "alias.db");
    await symlink(path, alias);
    for (const name of [path, alias]) {
      await expect(openSqlite(name)).rejects.toMatchObject({
        name: "StorageError",
        code: "busy",
        message: `${name} is in use by another coordinator`,
      });
    }
    await storage.commit([newJobCommit("p/a")], null);
    await storage.close();
    const next = await openSqlite(path);
    expect(await next.getJob("p/a")).not.toBeNull();
    await next.close();
  });

  test("refuses a file that is no database, and leaves it as it is", async () => {
    const text = "This is a letter, and a long one. ".repeat(99);
    await writeFile(path, text);
    const refused = { name: "StorageError", code: "corrupt", message: `${path} is not a SQLite database` };
    await expect(openSqlite(path)).rejects.toMatchObject(refused);
    expect(await readFile(path, "utf8")).toBe(text);
  });

  test("refuses a database of another program, and leaves it as it is", async () => {
    const other = new Database(path);
    other.exec("create table recipes (name text)");
    other.close();
    await expect(openSqlite(path)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("database of another program"),
    });
    const after = new Database(path);
    expect(after.prepare("select name from sqlite_schema").pluck().all()).toEqual(["recipes"]);
    after.close();
  });

  test("refuses a schema newer than it knows, and one that does not say its version", async () => {
    await makeStore(1);
    const newer = new Database(path);
    newer.exec(`update fpnas_schema set version = ${migrations.length + 1}`);
    newer.close();
    await expect(openSqlite(path)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining(`schema version ${migrations.length + 1}: this program knows versions up to`),
    });
    const unknown = new Database(path);
    unknown.exec("delete from fpnas_schema");
    unknown.close();
    await expect(openSqlite(path)).rejects.toMatchObject({ code: "corrupt" });
  });

  test("refuses places that no file can be at", async () => {
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "directory"));
    for (const place of ["file/store.db", "directory"]) {
      const call = openSqlite(join(folder, place));
      await expect(call).rejects.toMatchObject({ name: "StorageError", code: "unavailable" });
    }
  });

  // The superuser may write everywhere.
  (process.getuid?.() === 0 ? test.skip : test)("refuses a file that it may not write", async () => {
    await makeStore(1);
    await chmod(path, 0o444);
    await expect(openSqlite(path)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("drops what a crash left of a file whose upload did not end, and keeps whole files", async () => {
    const storage = await openSqlite(path);
    await storage.putFile("whole", new Uint8Array(10));
    await storage.close();
    const crashed = new Database(path);
    crashed.exec("insert into file_chunks values ('half', 0, x'0102')");
    crashed.close();

    const next = await openSqlite(path);
    expect(await next.getFile("half")).toBeNull();
    await next.putFile("half", Uint8Array.of(3, 4));
    expect(await readWhole(await next.getFile("half"))).toEqual(Uint8Array.of(3, 4));
    expect(await readWhole(await next.getFile("whole"))).toEqual(new Uint8Array(10));
    await next.close();
  });
});

describe("a damaged SQLite store", () => {
  test("is reported as corrupt where pages are missing", async () => {
    await makeStore(2000);
    const { size } = await stat(path);
    await truncate(path, Math.floor(size / 2 / 4096) * 4096);
    const read = async () => {
      const storage = await openSqlite(path);
      try {
        await storage.listTrials("p/a", { size: 2000, after: null });
      } finally {
        await storage.close();
      }
    };
    await expect(read()).rejects.toMatchObject({ name: "StorageError", code: "corrupt" });
  });

  test("is reported as corrupt where a file lacks a part", async () => {
    const storage = await openSqlite(path);
    await storage.putFile("sha", new Uint8Array((1 << 20) + 5));
    await storage.close();
    const damaged = new Database(path);
    damaged.exec("delete from file_chunks where chunk = 1");
    damaged.close();
    const next = await openSqlite(path);
    await expect(readWhole(await next.getFile("sha"))).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringContaining("chunk 1"),
    });
    await next.close();
  });
});

describe("the cost of a commit", () => {
  test("does not grow with the trials that are there: every look-up goes by an index", async () => {
    await makeStore(1);
    const reads = prepareReads(sqliteDialect.compiler);
    const database = new Database(path);
    const plan = ({ sql, parameters }: SqlStatement): readonly string[] =>
      (database.prepare(`explain query plan ${sql}`).all(...parameters) as { readonly detail: string }[]).map(
        ({ detail }) => detail,
      );
    const network = "SEARCH trial_networks USING INDEX sqlite_autoindex_trial_networks_1 (job=? AND trial=?)";
    const inputs = "SEARCH job_inputs USING INDEX sqlite_autoindex_job_inputs_1 (job=?)";

    expect(plan(reads.openTrials.bind({ job: "p/a" }))).toEqual([
      "SEARCH trials USING INDEX open_trials (job=?)",
      network,
    ]);
    expect(plan(reads.searchTrialsByHash.bind(hashLookup("p/a", ["hash-1"])))).toEqual([
      "SEARCH trials USING INDEX trials_by_network (job=? AND network_hash=? AND role=?)",
      network,
    ]);
    expect(plan(reads.trialPage.bind({ job: "p/a", after: 3, limit: 2 }))).toEqual([
      "SEARCH trials USING INDEX sqlite_autoindex_trials_1 (job=? AND trial>?)",
      network,
    ]);
    expect(plan(reads.events.bind({ job: "p/a", after: 3, limit: 5 }))).toEqual([
      "SEARCH events USING INDEX sqlite_autoindex_events_1 (job=? AND seq>?)",
    ]);
    expect(plan(reads.jobPage.bind({ project: "p", createTimeMs: 1, key: "", limit: 2 }))).toEqual([
      "SEARCH jobs USING INDEX jobs_by_age (project=? AND (create_time_ms,job)<(?,?))",
      inputs,
    ]);
    expect(plan(reads.openJobs.bind({}))).toEqual(["SCAN jobs USING INDEX open_jobs", inputs]);
    database.close();
  });

  test("leaves the long texts of a row alone where they are as before", async () => {
    const storage = await openSqlite(path);
    const networkJson = `"${"n".repeat(100_000)}"`;
    await storage.commit([newJobCommit("p/a", { newTrials: [trialRecord("p/a", 1, { networkJson })] })], null);
    const before = await stat(`${path}-wal`);
    for (let token = 1; token <= 10; token += 1) {
      const trial = trialUpdate("p/a", 1, { leaseToken: token });
      await storage.commit([jobCommit("p/a", 1, { trials: [trial] })], null);
    }
    const after = await stat(`${path}-wal`);
    expect(after.size - before.size).toBeLessThan(networkJson.length * 5);
    await storage.close();
  });

  test("shows nobody what is not durable yet", async () => {
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const storage = await openSqlite(path);
    await storage.commit([newJobCommit("p/a")], null);
    const answered = new Set<number>();
    for (let trial = 1; trial <= 20; trial += 1) {
      const newTrials = [trialRecord("p/a", trial)];
      const committed = storage.commit([jobCommit("p/a", 1, { newTrials })], null).then(() => answered.add(trial));
      while ((await storage.getTrial("p/a", trial)) === null) await turn();
      // A flush takes longer than this; the answer of a commit that is flushed does not.
      await turn();
      expect(answered).toContain(trial);
      await committed;
    }
    await storage.close();
  });
});
