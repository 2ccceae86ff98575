import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from "kysely";

import type { SqlDialect } from "../sql/sql-database.ts";
import type { Tables } from "../sql/tables.ts";

/** PostgreSQL's SQL. Texts compare by their bytes, whatever the database's collation: listings run as in every store. */
export const postgresDialect: SqlDialect = {
  compiler: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
  integerType: sql`bigint`,
  textType: sql`text collate "C"`,
  bytesType: sql`bytea`,
  tableOptions: sql``,
  keepRows: sql`for share`,
};
