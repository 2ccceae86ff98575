import pg from "pg";

import type { Store } from "../leadership.ts";
import { migrate } from "../sql/migrate.ts";
import { createSqlStore } from "../sql/sql-store.ts";
import { PostgresDatabase } from "./database.ts";
import { toStorageError } from "./errors.ts";
import { PostgresLeaderLock } from "./leader-lock.ts";
import { readSettings } from "./settings.ts";
import type { PostgresSettings } from "./settings.ts";

/** The advisory lock of who changes the schema. */
const schemaLockKey = 7_431_002;

/**
 * Opens the store in a PostgreSQL database that is there already, and makes its schema the newest. Any number of
 * coordinators may have it open. Rejects with `unsupported` for a URL that `readSettings` refuses, and where another
 * program or a newer version of this one wrote the database; `unavailable` where it cannot be reached or refuses.
 * No message holds the password.
 */
export async function openPostgresStore(url: string): Promise<Store> {
  const settings = readSettings(url);
  const database = new PostgresDatabase(settings);
  try {
    await aloneOnSchema(settings, () => migrate(database, settings.place));
    return createSqlStore(database, new PostgresLeaderLock(settings, database));
  } catch (error) {
    await database.close();
    throw toStorageError(error, settings.place);
  }
}

/** Of coordinators that start at the same time, the first one makes the schema, and the others find it made. */
async function aloneOnSchema(settings: PostgresSettings, run: () => Promise<void>): Promise<void> {
  const client = new pg.Client(settings.connection);
  client.on("error", () => undefined); // what fails, the next query tells
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock(${schemaLockKey})`);
    await run();
  } finally {
    await client.end();
  }
}
