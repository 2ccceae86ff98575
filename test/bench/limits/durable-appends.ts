import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";

/** Long enough for a steady mean. */
const probeMs = 2_000;

/** How often a second this folder's disk takes an append of so many bytes and says it is durable (fdatasync). */
export function appendsPerSecond(folder: string, bytes: number): number {
  const path = join(folder, "append-probe");
  const file = openSync(path, "w");
  const data = Buffer.alloc(bytes, 1);
  try {
    return repeat(() => {
      writeSync(file, data);
      fdatasyncSync(file);
    });
  } finally {
    closeSync(file);
    rmSync(path);
  }
}

/** How often a second SQLite commits one row of so many bytes in this folder, with the pragmas of the coordinator's store. */
export function sqliteCommitsPerSecond(folder: string, bytes: number): number {
  const path = join(folder, "commit-probe.db");
  const database = new Database(path);
  try {
    database.pragma("locking_mode = exclusive");
    database.pragma("journal_mode = wal");
    database.pragma("synchronous = full");
    database.exec("create table probe (data blob)");
    const insert = database.prepare("insert into probe values (?)");
    const data = Buffer.alloc(bytes, 1);
    return repeat(() => void insert.run(data));
  } finally {
    database.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  }
}

function repeat(step: () => void): number {
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < probeMs) {
    step();
    count += 1;
  }
  return (count * 1000) / (performance.now() - start);
}
