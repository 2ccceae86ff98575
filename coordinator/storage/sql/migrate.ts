import type { Compilable } from "kysely";

import { migrations } from "../migrations/migrations.ts";
import { StorageError } from "../storage.ts";
import { prepare } from "./prepare.ts";
import type { SqlDatabase, SqlWrite } from "./sql-database.ts";

/**
 * Brings the schema of a database to the newest version, in one transaction: it is there as a whole or as it was.
 * An empty database gets all of it. Throws `unsupported`, naming `place`, for a schema newer than this program
 * knows and for a database of another program; `corrupt` where the version cannot be told.
 */
export async function migrate(database: SqlDatabase, place: string): Promise<void> {
  const { compiler } = database.dialect;
  const version = await readVersion(database, place);
  if (version > migrations.length) {
    const known = `this program knows versions up to ${migrations.length}; use the program that wrote it, or a newer one`;
    throw new StorageError("unsupported", `${place} has schema version ${version}: ${known}`);
  }
  if (version === migrations.length) return;

  const versionTable = compiler.schema
    .createTable("fpnas_schema")
    .addColumn("version", database.dialect.integerType, (column) => column.notNull());
  const steps: Compilable[] = [
    ...(version === 0 ? [versionTable] : []),
    ...migrations.slice(version).flatMap((migration) => migration(database.dialect)),
    compiler.deleteFrom("fpnas_schema"),
    compiler.insertInto("fpnas_schema").values({ version: migrations.length }),
  ];
  const [refusal] = await database.write([steps.map(toWrite)], null);
  if (refusal) throw refusal;
}

/** 0 for an empty database. */
async function readVersion(database: SqlDatabase, place: string): Promise<number> {
  const tables = await database.tableNames();
  if (tables.length === 0) return 0;
  if (!tables.includes("fpnas_schema")) {
    throw new StorageError("unsupported", `${place} is a database of another program: it has no table fpnas_schema`);
  }
  const query = prepare(() => database.dialect.compiler.selectFrom("fpnas_schema").select("version"));
  const [row, ...more] = await database.read(query.bind({}));
  if (row === undefined || more.length > 0 || !Number.isSafeInteger(row.version) || row.version < 1) {
    throw new StorageError("corrupt", `${place} does not say which schema version it has`);
  }
  return row.version;
}

function toWrite(step: Compilable): SqlWrite {
  const { sql, parameters } = step.compile();
  return { sql, parameters, unchanged: null };
}
