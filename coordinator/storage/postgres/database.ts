import { setTimeout as pause } from "node:timers/promises";

import pg from "pg";

import { storeClosed } from "../refusals.ts";
import type { SqlDatabase, SqlGuard, SqlStatement, SqlWrite } from "../sql/sql-database.ts";
import type { StorageError } from "../storage.ts";
import { postgresDialect } from "./dialect.ts";
import { toStorageError } from "./errors.ts";
import { Pipeline } from "./pipeline.ts";
import { answerTimeoutMs } from "./settings.ts";
import type { PostgresSettings } from "./settings.ts";
import { runTransaction } from "./transaction.ts";
import { encodeValues } from "./value-codec.ts";

/** Enough for the few reads that are asked at a time; a server allows a hundred connections for all. */
const readConnections = 4;

/** How often the end of a process of the server is looked for, ms. */
const endPollMs = 50;

/**
 * One connection that writes, made anew after it broke, and a few that read. A transaction whose connection broke may
 * still be under way in the server: before anything else is read or written, the server's process behind it is ended,
 * so that what is read afterwards is how the transaction went.
 */
export class PostgresDatabase implements SqlDatabase {
  readonly dialect = postgresDialect;
  readonly #settings: PostgresSettings;
  readonly #pool: pg.Pool;
  readonly #names = new Map<string, string>();
  #pipeline: Pipeline | null = null;
  /** The write under way, or the last one. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The server's process whose transaction is not known to have ended. */
  #unsettled: number | null = null;
  #settling: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(settings: PostgresSettings) {
    this.#settings = settings;
    this.#pool = new pg.Pool({
      ...settings.connection,
      max: readConnections,
      query_timeout: 6 * answerTimeoutMs,
    });
    // An idle connection that breaks is replaced by the next read, which tells what is wrong.
    this.#pool.on("error", () => undefined);
  }

  async tableNames(): Promise<readonly string[]> {
    const sql = "select tablename::text as name from pg_tables where schemaname = current_schema()";
    const rows = await this.read<{ readonly name: string }>({ sql, parameters: [] });
    return rows.map(({ name }) => name);
  }

  read<O>(statement: SqlStatement<O>): Promise<readonly O[]> {
    return this.#answer(async () => {
      await this.#settle();
      return await this.#query<O>(statement);
    });
  }

  write(units: readonly (readonly SqlWrite[])[], guard: SqlGuard | null): Promise<readonly (StorageError | null)[]> {
    return this.#answer(async () => {
      const before = this.#turn;
      const turn = before.catch(() => undefined).then(() => this.#write(units, guard));
      this.#turn = turn;
      return await turn;
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#turn.catch(() => undefined);
    await Promise.all([this.#pipeline?.close(), this.#pool.end()]);
  }

  async #write(units: readonly (readonly SqlWrite[])[], guard: SqlGuard | null) {
    await this.#settle();
    if (this.#pipeline?.isOpen !== true) this.#pipeline = await Pipeline.connect(this.#settings);
    const pipeline = this.#pipeline;
    try {
      return await runTransaction(pipeline, units, guard, this.#settings.place);
    } catch (error) {
      if (!pipeline.isOpen) this.#unsettled = pipeline.processId;
      throw error;
    }
  }

  async #query<O>({ sql, parameters }: SqlStatement<O>): Promise<readonly O[]> {
    const name = this.#names.get(sql) ?? `r${this.#names.size}`;
    this.#names.set(sql, name);
    const values = encodeValues(parameters);
    const { rows } = await this.#pool.query<O & pg.QueryResultRow>({ name, text: sql, values });
    return rows;
  }

  #settle(): Promise<void> {
    if (this.#unsettled === null) return Promise.resolve();
    this.#settling ??= this.#endProcess(this.#unsettled).finally(() => (this.#settling = null));
    return this.#settling;
  }

  async #endProcess(processId: number): Promise<void> {
    const sql =
      "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1::int and application_name = $2::text";
    const parameters = [processId, this.#settings.applicationName];
    while ((await this.#query({ sql, parameters })).length > 0) await pause(endPollMs);
    this.#unsettled = null;
  }

  /** Rejects with StorageError only, and refuses a database that is closed. */
  async #answer<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) throw storeClosed();
    try {
      return await work();
    } catch (error) {
      throw toStorageError(error, this.#settings.place);
    }
  }
}
