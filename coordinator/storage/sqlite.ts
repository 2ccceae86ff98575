import { mkdirSync } from "node:fs";
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
import type { StorageError } from "./storage.ts";

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

function openSqliteDatabase(file: string): SqlDatabase {
  let connection: Database.Database | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    connection = new Database(file, { timeout: 0 });
    // Before the first look at the file: then the log's index lives in this process's memory, and the lock never goes.
    connection.pragma("locking_mode = exclusive");
    connection.pragma("journal_mode = wal");
    connection.pragma("synchronous = full");
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

/** One connection, every call of it synchronous: nothing can come between the statements of a transaction. */
class SqliteDatabase implements SqlDatabase {
  readonly dialect = sqliteDialect;
  readonly #connection: Database.Database;
  readonly #file: string;
  /** By SQL text, of which there are as many as statements in the code. */
  readonly #prepared = new Map<string, Database.Statement>();

  constructor(connection: Database.Database, file: string) {
    this.#connection = connection;
    this.#file = file;
  }

  async tableNames(): Promise<readonly string[]> {
    const query = "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'";
    const rows = await this.read<{ readonly name: string }>({ sql: query, parameters: [] });
    return rows.map(({ name }) => name);
  }

  read<O>(statement: SqlStatement<O>): Promise<readonly O[]> {
    return this.#answer(() => this.#prepare(statement.sql).all(...statement.parameters) as O[]);
  }

  write(units: readonly (readonly SqlWrite[])[], guard: SqlGuard | null): Promise<readonly (StorageError | null)[]> {
    return this.#answer(() => {
      this.#run("begin immediate");
      try {
        if (guard !== null) this.#check(guard);
        const refusals = units.map((unit) => this.#writeUnit(unit));
        this.#run("commit");
        return refusals;
      } finally {
        // After a failed commit, or a failure that did not already end the transaction.
        if (this.#connection.inTransaction) this.#run("rollback");
      }
    });
  }

  close(): Promise<void> {
    return new Promise((resolveClosed) => {
      this.#connection.close();
      resolveClosed();
    });
  }

  #check({ statement, refusal }: SqlGuard): void {
    if (this.#prepare(statement.sql).get(...statement.parameters) === undefined) throw refusal;
  }

  #writeUnit(unit: readonly SqlWrite[]): StorageError | null {
    this.#run("savepoint unit");
    try {
      for (const { sql, parameters, unchanged } of unit) {
        const { changes } = this.#prepare(sql).run(...parameters);
        if (changes === 0 && unchanged !== null) throw unchanged();
      }
      this.#run("release unit");
      return null;
    } catch (error) {
      if (!this.#connection.inTransaction) throw error; // SQLite gave the whole transaction up
      this.#run("rollback to unit");
      this.#run("release unit");
      return toStorageError(error, this.#file);
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

  /** Turns what `work` throws into a rejection with a StorageError. */
  #answer<T>(work: () => T): Promise<T> {
    return new Promise((resolveAnswer) => {
      if (!this.#connection.open) throw storeClosed();
      try {
        resolveAnswer(work());
      } catch (error) {
        throw toStorageError(error, this.#file);
      }
    });
  }
}
