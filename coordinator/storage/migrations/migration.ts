import type { Compilable } from "kysely";

import type { SqlDialect } from "../sql/sql-database.ts";

/** One step of the schema. It never changes once released: a later change is a later migration. */
export type Migration = (dialect: SqlDialect) => readonly Compilable[];
