import type { LeaderLock } from "../leader-lock.ts";
import type { Store } from "../leadership.ts";
import { createStore } from "../leading-store.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { SqlLeaderTerms } from "./sql-leader-terms.ts";
import { SqlReader } from "./sql-reader.ts";
import { createSqlStorage } from "./sql-storage.ts";

/** Makes a store of a database whose schema is the newest (`migrate`). It owns the database from here on. */
export function createSqlStore(database: SqlDatabase, lock: LeaderLock): Store {
  return createStore({
    reader: new SqlReader(database),
    lock,
    terms: new SqlLeaderTerms(database),
    openStorage: (term, onDeposed) => createSqlStorage(database, term, onDeposed),
    close: () => database.close(),
  });
}
