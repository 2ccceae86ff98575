import { execFileSync } from "node:child_process";
import { chownSync, statSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import pg from "pg";

import type { Store } from "../../coordinator/storage/leadership.ts";
import { migrations } from "../../coordinator/storage/migrations/migrations.ts";
import { openPostgresStore } from "../../coordinator/storage/postgres/open.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";
import { PostgresServer } from "../support/postgres-server.ts";
import { jobCommit, jobRecord, newJobCommit } from "../support/storage-rows.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

const unavailable = { name: "StorageError", code: "unavailable" };
const unending = new AbortController().signal;

let server: PostgresServer;
let url: string;
const opened: Store[] = [];

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(async () => {
  url = await server.createDatabase();
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

afterAll(() => server.stop());

async function open(at = url): Promise<Store> {
  const store = await openPostgresStore(at);
  opened.push(store);
  return store;
}

async function openAndLead(at = url): Promise<Storage> {
  return (await (await open(at)).lead("localhost:7431", unending)).storage;
}

function changed(change: (url: URL) => void): string {
  const copy = new URL(url);
  change(copy);
  return copy.href;
}

/** Repeats what a store that just lost its connections refuses, as the engine does. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      expect(error).toMatchObject(unavailable);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe("opening a PostgreSQL store", () => {
  test.each<[string, (url: URL) => void, string]>([
    ["a wrong password", (at) => (at.password = "hunter2"), "refuses: password authentication failed"],
    ["an unknown user", (at) => (at.username = "nobody"), "refuses: password authentication failed"],
    ["a database that is not there", (at) => (at.pathname = "/none"), 'refuses: database "none" does not exist'],
    ["a server that is not there", (at) => (at.port = "1"), "cannot be reached: connect ECONNREFUSED 127.0.0.1:1"],
    ["no password", (at) => (at.password = ""), "asks for a password, and the URL and PGPASSWORD hold none"],
    [
      "a server without TLS",
      (at) => (at.search = "?sslmode=require"),
      "cannot be reached: The server does not support",
    ],
  ])("says what is wrong with %s, and never the password", async (_, change, message) => {
    const wrong = changed(change);
    const refusal: unknown = await openPostgresStore(wrong).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ ...unavailable, message: expect.stringContaining(message) });
    expect(inspect(refusal, { depth: 9 })).not.toMatch(/hunter2|not-a-secret/);
  });

  test("makes the schema once, however many open an empty database at a time", async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => open()));
    expect(await server.query(url, "select version from fpnas_schema")).toEqual([{ version: `${migrations.length}` }]);
    expect(await stores[4]!.reader.openJobs()).toEqual([]);
  });

  test("refuses a database of another program, and a newer schema than it knows", async () => {
    await server.query(url, "create table recipes (name text)");
    await expect(open()).rejects.toMatchObject({ code: "unsupported", message: expect.stringContaining("of another") });

    url = await server.createDatabase();
    await (await openPostgresStore(url)).close();
    await server.query(url, `update fpnas_schema set version = ${migrations.length + 1}`);
    await expect(open()).rejects.toMatchObject({ code: "unsupported", message: expect.stringContaining("newer one") });
  });

  test("orders by bytes whatever the language of the database", async () => {
    await server.query(
      "postgres",
      "create database words template template0 locale_provider icu icu_locale 'en' locale 'C'",
    );
    url = changed((at) => (at.pathname = "/words"));
    const storage = await openAndLead();
    const keys = ["p/b", "p/B", "p/a", "p/A", "p/_"];
    await storage.commit(
      keys.map((key) => newJobCommit(key, { record: jobRecord(key) })),
      null,
    );
    expect((await storage.openJobs()).map(({ key }) => key)).toEqual([...keys].sort());
  });
});

describe("a PostgreSQL store whose connections break", () => {
  test("works again once the server does, by itself", async () => {
    const store = await open();
    const leadership = await store.lead("localhost:7431", unending);
    await leadership.storage.commit([newJobCommit("p/a")], null);
    await server.restart();
    expect(await leadership.lost).toMatchObject({
      message: expect.stringContaining("the connection that leads was lost"),
    });
    // Nobody else led since: the term is the last one still.
    await insist(() => leadership.storage.commit([jobCommit("p/a", 1, { events: ["{2}"] })], null));
    expect(await insist(() => leadership.storage.readEvents("p/a", 1))).toEqual([[2, "{2}"]]);
    await leadership.resign();
    expect((await insist(() => store.lead("localhost:7431", unending))).term).toBe(2);
  });

  test("under a commit, reads afterwards how that went: it does not come later", async () => {
    const proxy = await TcpProxy.start(server.port);
    const blocker = new pg.Client(url);
    await blocker.connect();
    try {
      const storage = await openAndLead(changed((at) => (at.port = `${proxy.port}`)));
      await storage.commit([newJobCommit("p/a")], null);
      await blocker.query("begin; select from jobs for update");
      const stuck = storage.commit([jobCommit("p/a", 1, { events: ["{2}"] })], null);
      const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock'";
      while ((await server.query(url, waiting)).length === 0);
      proxy.cut();
      await expect(stuck).rejects.toMatchObject(unavailable);
      expect(await insist(() => storage.readEvents("p/a", 1))).toEqual([]);
      await blocker.query("rollback");
      await insist(() => storage.commit([jobCommit("p/a", 1, { events: ["{two}"] })], null));
      expect(await storage.readEvents("p/a", 1)).toEqual([[2, "{two}"]]);
    } finally {
      await blocker.end();
      for (const store of opened.splice(0)) await store.close();
      await proxy.stop();
    }
  });
});

describe("a PostgreSQL store", () => {
  test("commits durably where the server's default is not to wait for the disk", async () => {
    await server.query(url, `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
    const storage = await openAndLead();
    await server.query(url, "create table seen (setting text)");
    await server.query(
      url,
      `create function see() returns trigger language plpgsql as
       $$ begin insert into seen values (current_setting('synchronous_commit')); return null; end $$;
       create trigger see after insert on events execute function see()`,
    );
    await storage.commit([newJobCommit("p/a")], null);
    expect(await server.query(url, "select setting from seen")).toEqual([{ setting: "on" }]);
  });
});

const hasOpenssl = (() => {
  try {
    return execFileSync("openssl", ["version"], { stdio: "pipe" }).length > 0;
  } catch {
    return false;
  }
})();

(hasOpenssl ? describe : describe.skip)("a PostgreSQL store over TLS", () => {
  const certificate = () => join(server.folder, "server.crt");

  beforeAll(async () => {
    const key = join(server.folder, "server.key");
    const subject = ["-subj", "/CN=db", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-keyout", key, "-out", certificate()];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files], {
      stdio: "pipe",
    });
    const { uid, gid } = statSync(server.folder);
    for (const file of [key, certificate()]) chownSync(file, uid, gid);
    await server.query("postgres", "alter system set ssl = on");
    await server.restart();
  });

  const over = (search: string) => changed((at) => (at.search = search));

  test("is encrypted with sslmode=require, and checked with verify-ca and verify-full", async () => {
    for (const search of [
      "?sslmode=require",
      `?sslmode=verify-ca&sslrootcert=${certificate()}`,
      `?sslmode=verify-full&sslrootcert=${certificate()}`,
    ]) {
      const store = await open(over(search));
      expect(await store.leader()).toBeNull();
      const sql =
        "select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'fpnas-%'";
      expect(await server.query(url, sql)).toEqual([{ ssl: true }]);
      await opened.pop()?.close();
    }
  });

  test("refuses a server whose certificate nobody vouches for, or that is another's", async () => {
    await expect(open(over("?sslmode=verify-full"))).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining("self-signed certificate"),
    });
    const elsewhere = changed((at) => {
      at.hostname = "localhost";
      at.search = `?sslmode=verify-full&sslrootcert=${certificate()}`;
    });
    await expect(open(elsewhere)).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining("does not match certificate's altnames"),
    });
  });

  test("names a certificate file that is not there", async () => {
    await expect(open(over("?sslmode=verify-full&sslrootcert=/none.pem"))).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining("no such file or directory, open '/none.pem'"),
    });
  });
});
