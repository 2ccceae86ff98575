import { setTimeout as pause } from "node:timers/promises";

import pg from "pg";

import { deferred } from "../deferred.ts";
import type { HeldLock, LeaderLock } from "../leader-lock.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { toStorageError } from "./errors.ts";
import { answerTimeoutMs } from "./settings.ts";
import type { PostgresSettings } from "./settings.ts";

/** The advisory lock of who leads. It belongs to the database: one store in each. */
const lockKey = 7_431_001;

/** A leader sends a sign of life this often, ms. */
const beatMs = 1_000;
/** A follower tries and looks this often, ms. */
const lookMs = 500;
/** After so many looks in a row without a new sign of life the leader counts as silent: about five seconds. */
const silentLooks = 10;

/** The session that holds the lock, as the server shows it. */
interface Holder {
  readonly pid: number;
  readonly application: string;
  /** Changes with every sign of life. A time of the server's, never compared with a clock here; null where it is not told. */
  readonly beat: string | null;
}

const holderSql = `
  select activity.pid, activity.application_name as application, activity.state_change::text as beat
  from pg_locks join pg_stat_activity activity using (pid)
  where locktype = 'advisory' and granted and objsubid = 1 and (classid::int8 << 32) + objid::int8 = ${lockKey}
    and database = (select oid from pg_database where datname = current_database())`;

/**
 * An advisory lock held by a connection of its own: the server frees it when that connection ends, kill -9 included.
 * A leader that is stopped, or cut off, keeps its connection and is silent on it; then a follower has the server end
 * all connections of that leader's store, and takes over. The leader term fences what the other does when it wakes.
 */
export class PostgresLeaderLock implements LeaderLock {
  readonly #settings: PostgresSettings;
  readonly #database: SqlDatabase;

  constructor(settings: PostgresSettings, database: SqlDatabase) {
    this.#settings = settings;
    this.#database = database;
  }

  async acquire(signal: AbortSignal): Promise<HeldLock> {
    signal.throwIfAborted();
    const client = new pg.Client({ ...this.#settings.connection, query_timeout: 2 * answerTimeoutMs });
    client.on("error", () => undefined); // what fails, the next query tells
    try {
      await client.connect();
      await waitForLock(client, signal);
      return hold(client);
    } catch (error) {
      void client.end();
      if (signal.aborted) throw signal.reason as Error;
      throw toStorageError(error, this.#settings.place);
    }
  }

  async isHeld(): Promise<boolean> {
    return (await this.#database.read({ sql: holderSql, parameters: [] })).length > 0;
  }
}

async function waitForLock(client: pg.Client, signal: AbortSignal): Promise<void> {
  let last: Holder | null = null;
  let looks = 0;
  for (;;) {
    const { rows: tries } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(${lockKey}) as held`);
    signal.throwIfAborted();
    if (tries[0]?.held === true) return;
    const holder: Holder | null = (await client.query<Holder & pg.QueryResultRow>(holderSql)).rows[0] ?? null;
    looks = isSilent(last, holder) ? looks + 1 : 0;
    last = holder;
    if (looks >= silentLooks && holder !== null) {
      await endSessions(client, holder.application);
      looks = 0;
    } else {
      await pause(lookMs, undefined, { signal });
    }
  }
}

/** Whether the same session holds the lock as at the last look, and gave no sign of life since. */
function isSilent(last: Holder | null, now: Holder | null): boolean {
  return last !== null && now !== null && last.pid === now.pid && now.beat !== null && last.beat === now.beat;
}

/** Ends all sessions of one store: those that write too, whose transactions would keep the next leader waiting. */
async function endSessions(client: pg.Client, application: string): Promise<void> {
  const sql =
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()";
  await client.query(sql, [application]);
}

function hold(client: pg.Client): HeldLock {
  const lost = deferred<Error>();
  let isReleased = false;
  const lose = (cause: Error) => {
    clearInterval(beat);
    if (isReleased) return;
    lost.resolve(new Error(`the connection that leads was lost: ${cause.message}`, { cause }));
  };
  const beat = setInterval(() => {
    client.query("select 1").catch((error: unknown) => {
      lose(error as Error);
      void client.end();
    });
  }, beatMs);
  client.on("error", lose);
  client.on("end", () => lose(new Error("the server ended it")));
  const release = async () => {
    isReleased = true;
    clearInterval(beat);
    // The server takes a moment to notice the end of a connection; the next leader need not wait for it.
    await client.query(`select pg_advisory_unlock(${lockKey})`).catch(() => undefined);
    await client.end();
  };
  let released: Promise<void> | null = null;
  return { lost: lost.promise, release: () => (released ??= release()) };
}
