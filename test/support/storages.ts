import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Store } from "../../coordinator/storage/leadership.ts";
import { MemoryDatabase } from "../../coordinator/storage/memory-database.ts";
import { openStore } from "../../coordinator/storage/open-store.ts";
import { PostgresServer } from "./postgres-server.ts";

/** What a store is opened on. */
export interface TestDatabase {
  open(): Promise<Store>;
  /** Makes the leader one that no longer answers, as another one sees it. Null where there is no other one. */
  readonly silenceLeader: (() => Promise<void>) | null;
  /** Removes it, once all its stores are closed. */
  remove(): Promise<void>;
}

/** One implementation of the ports, as the suites run over it. */
export interface StorageKind {
  readonly name: string;
  /** Whether it can be open several times at once. */
  readonly shared: boolean;
  /** An empty database. */
  create(): Promise<TestDatabase>;
  /** Ends what all its databases need. */
  stop(): Promise<void>;
}

/** Every implementation of the ports. */
export const storageKinds: readonly StorageKind[] = [
  { name: "memory", shared: true, create: createMemory, stop: () => Promise.resolve() },
  { name: "sqlite", shared: false, create: createSqlite, stop: () => Promise.resolve() },
  { name: "postgres", shared: true, create: createPostgres, stop: stopPostgres },
];

function createMemory(): Promise<TestDatabase> {
  const database = new MemoryDatabase();
  return Promise.resolve({
    open: () => Promise.resolve(database.open()),
    silenceLeader: () => {
      database.depose();
      return Promise.resolve();
    },
    remove: () => Promise.resolve(),
  });
}

async function createSqlite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "fpnas-sqlite-"));
  return {
    open: () => openStore(`sqlite:${join(folder, "store.db")}`),
    silenceLeader: null,
    remove: () => rm(folder, { recursive: true }),
  };
}

let server: Promise<PostgresServer> | null = null;

async function createPostgres(): Promise<TestDatabase> {
  server ??= PostgresServer.start();
  const running = await server;
  const url = await running.createDatabase();
  return {
    open: () => openStore(url),
    // What a follower has the server do to a leader that is silent.
    silenceLeader: async () => {
      const holder = "select pid from pg_locks where locktype = 'advisory' and granted";
      const name = `select application_name from pg_stat_activity where pid in (${holder}) and datname = current_database()`;
      await running.query(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name in (${name})`,
      );
    },
    remove: () => running.dropDatabase(url),
  };
}

async function stopPostgres(): Promise<void> {
  const stopping = server;
  server = null;
  await (await stopping)?.stop();
}
