import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from "kysely";

import type { SqlDialect } from "./sql/sql-database.ts";
import type { Tables } from "./sql/tables.ts";

/** SQLite's SQL, with tables that hold every column to its type. */
export const sqliteDialect: SqlDialect = {
  compiler: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  integerType: sql`integer`,
  textType: sql`text`,
  bytesType: sql`blob`,
  tableOptions: sql`strict`,
  keepRows: sql``, // as all does: a transaction that writes is alone
};
