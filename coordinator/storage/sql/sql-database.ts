import type { Kysely, RawBuilder } from "kysely";

import type { StorageError } from "../storage.ts";
import type { Tables } from "./tables.ts";

/** SQL text with the values of its parameters, in order. `O` is what a row of its answer looks like. */
export interface SqlStatement<O = unknown> {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Never there: carries the type of a row. */
  readonly row?: O;
}

/** A statement that writes. */
export interface SqlWrite extends SqlStatement {
  /** Why its unit fails when it changes no row; null where that is fine. */
  readonly unchanged: (() => StorageError) | null;
}

/** What must hold for a transaction to be kept. */
export interface SqlGuard {
  /** Gives a row where it holds, and keeps that row as it is until the transaction ends. */
  readonly statement: SqlStatement;
  readonly refusal: StorageError;
}

/** Where two databases differ in the SQL that the schema and the statements are made of. */
export interface SqlDialect {
  /** Compiles only: it runs nothing. */
  readonly compiler: Kysely<Tables>;
  /** Holds whole numbers of 53 bits. */
  readonly integerType: RawBuilder<unknown>;
  /** Compares by bytes. */
  readonly textType: RawBuilder<unknown>;
  readonly bytesType: RawBuilder<unknown>;
  /** Follows the columns of a table. */
  readonly tableOptions: RawBuilder<unknown>;
  /** Follows a query whose rows others must not change until its transaction ends. */
  readonly keepRows: RawBuilder<unknown>;
}

/** A database that one leader at a time writes to. Every method rejects with StorageError only. */
export interface SqlDatabase {
  readonly dialect: SqlDialect;
  tableNames(): Promise<readonly string[]>;
  read<O>(statement: SqlStatement<O>): Promise<readonly O[]>;
  /**
   * Runs all units in one transaction that is durable when this resolves. Each unit is kept whole or not at all,
   * whatever becomes of the others; the answer tells for each what went wrong, or null.
   * Rejects when the transaction failed, and with the guard's refusal where that does not hold: then no unit is kept.
   */
  write(units: readonly (readonly SqlWrite[])[], guard: SqlGuard | null): Promise<readonly (StorageError | null)[]>;
  /** Idempotent. */
  close(): Promise<void>;
}
