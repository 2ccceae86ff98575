import { closeSync, fdatasync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";

import Database from "better-sqlite3";

import type { Store } from "./leadership.ts";
import { LocalLeaderLock } from "./local-leader-lock.ts";
import { storeClosed } from "./refusals.ts";
import { migrate } from "./sql/migrate.ts";
import type { SqlDatabase, SqlGuard, SqlStatement, SqlWrite } from "./sql/sql-database.ts";
import { createSqlStore } from "./sql/sql-store.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { toStorageError } from "./sqlite-errors.ts";
import { StorageError } from "./storage.ts";

/**
 * Opens the store in a SQLite file, making the file and its folder where they are missing, and its schema the newest.
 * The file stays locked for this store alone until `close` or the end of the process, kill -9 included.
 * Rejects with `busy` where it is open already, here or in another process; `unavailable` where it cannot be made,
 * read or written; `corrupt` where it is no SQLite database or a damaged one; `unsupported` where another program
 * or a newer version of this one wrote it.
 */
export async function openSqliteStore(path: string): Promise<Store> {
  const file = resolve(path);
  const database = openSqliteDatabase(file);
  try {
    await migrate(database, file);
    return createSqlStore(database, new LocalLeaderLock());
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Pages of the log after which it goes into the file, 16 MiB instead of 4: a page that many commits change goes there once, and a start
 * after a crash still reads it all within a tenth of a second.
 */
const checkpointPages = 4096;

function openSqliteDatabase(file: string): SqlDatabase {
  let connection: Database.Database | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    connection = new Database(file, { timeout: 0 });
    // Before the first look at the file: then the log's index lives in this process's memory, and the lock never goes.
    connection.pragma("locking_mode = exclusive");
    connection.pragma("journal_mode = wal");
    // Commits are flushed by `SqliteDatabase`; SQLite itself flushes what it must around a checkpoint.
    connection.pragma("synchronous = normal");
    connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    connection.pragma("foreign_keys = on");
    connection.pragma("trusted_schema = off");
    connection.pragma(`journal_size_limit = ${64 << 20}`);
    connection.exec("begin immediate; commit");
    return new SqliteDatabase(connection, file);
  } catch (error) {
    connection?.close();
    throw toStorageError(error, file);
  }
}

/**
 * One connection, every call of it synchronous: nothing can come between the statements of a transaction. A commit is written to the log
 * there and then, and flushed to the disk by another thread, while this one goes on: `write` resolves after the flush, and no read sees what is not
 * durable.
 *
 * open -> broken (a flush failed: nobody can tell what is on the disk, so everything is refused as `corrupt`) -> closed
 */
class SqliteDatabase implements SqlDatabase {
  readonly dialect = sqliteDialect;
  readonly #connection: Database.Database;
  readonly #file: string;
  /** SQLite's log, which is one file for as long as the connection is open. */
  readonly #log: number;
  /** By SQL text, of which there are as many as statements in the code. */
  readonly #prepared = new Map<string, Database.Statement>();
  /** The last flush of those under way, of which it is the last to end; null where all that is written is durable. */
  #flush: Promise<void> | null = null;
  #broken: StorageError | null = null;

  constructor(connection: Database.Database, file: string) {
    this.#connection = connection;
    this.#file = file;
    this.#log = openSync(`${file}-wal`, "r+");
  }

  async tableNames(): Promise<readonly string[]> {
    const query = "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'";
    const rows = await this.read<{ readonly name: string }>({ sql: query, parameters: [] });
    return rows.map(({ name }) => name);
  }

  async read<O>(statement: SqlStatement<O>): Promise<readonly O[]> {
    while (this.#flush !== null) await this.#flush;
    return this.#answer(() => this.#prepare(statement.sql).all(...statement.parameters) as O[]);
  }

  async write(
    units: readonly (readonly SqlWrite[])[],
    guard: SqlGuard | null,
  ): Promise<readonly (StorageError | null)[]> {
    const refusals = this.#answer(() => this.#transact(units, guard));
    await this.#makeDurable();
    return refusals;
  }

  async close(): Promise<void> {
    while (this.#flush !== null) await this.#flush.catch(() => undefined);
    if (!this.#connection.open) return;
    closeSync(this.#log);
    this.#connection.close();
  }

  #transact(units: readonly (readonly SqlWrite[])[], guard: SqlGuard | null): readonly (StorageError | null)[] {
    this.#run("begin immediate");
    try {
      if (guard !== null) this.#check(guard);
      const [only, ...others] = units;
      const refusals =
        only !== undefined && others.length === 0
          ? [this.#writeOnlyUnit(only)]
          : units.map((unit) => this.#writeUnit(unit));
      if (this.#connection.inTransaction) this.#run("commit");
      return refusals;
    } finally {
      // After a failed commit, or a failure that did not already end the transaction.
      if (this.#connection.inTransaction) this.#run("rollback");
    }
  }

  /** Flushes the log. All that was written before this call is durable when it resolves. */
  #makeDurable(): Promise<void> {
    const before = this.#flush;
    const flush = new Promise<void>((resolveFlush, reject) => {
      fdatasync(this.#log, (error) => {
        if (error === null) resolveFlush();
        else reject((this.#broken ??= flushFailed(this.#file, error)));
      });
    }).then(() => before ?? undefined);
    const done = (): void => {
      if (this.#flush === flush) this.#flush = null;
    };
    this.#flush = flush;
    flush.then(done, done);
    return flush;
  }

  #check({ statement, refusal }: SqlGuard): void {
    if (this.#prepare(statement.sql).get(...statement.parameters) === undefined) throw refusal;
  }

  /** Where it is refused the transaction is over. */
  #writeOnlyUnit(unit: readonly SqlWrite[]): StorageError | null {
    try {
      this.#runAll(unit);
      return null;
    } catch (error) {
      if (!this.#connection.inTransaction) throw error; // SQLite gave the whole transaction up
      this.#run("rollback");
      return toStorageError(error, this.#file);
    }
  }

  /** In a savepoint, for which SQLite keeps a copy of every page that the unit changes. */
  #writeUnit(unit: readonly SqlWrite[]): StorageError | null {
    this.#run("savepoint unit");
    try {
      this.#runAll(unit);
      this.#run("release unit");
      return null;
    } catch (error) {
      if (!this.#connection.inTransaction) throw error; // SQLite gave the whole transaction up
      this.#run("rollback to unit");
      this.#run("release unit");
      return toStorageError(error, this.#file);
    }
  }

  #runAll(unit: readonly SqlWrite[]): void {
    for (const { sql, parameters, unchanged } of unit) {
      const { changes } = this.#prepare(sql).run(...parameters);
      if (changes === 0 && unchanged !== null) throw unchanged();
    }
  }

  #run(sql: string): void {
    this.#prepare(sql).run();
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  /** Turns what `work` throws into a StorageError. */
  #answer<T>(work: () => T): T {
    if (!this.#connection.open) throw storeClosed();
    if (this.#broken !== null) throw this.#broken;
    try {
      return work();
    } catch (error) {
      throw toStorageError(error, this.#file);
    }
  }
}

function flushFailed(file: string, cause: Error): StorageError {
  return new StorageError("corrupt", `${file} may lack what was written last: ${cause.message}`, { cause });
}
