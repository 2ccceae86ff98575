import type { Store } from "./leadership.ts";
import { MemoryDatabase } from "./memory-database.ts";
import { openPostgresStore } from "./postgres/open.ts";
import { openSqliteStore } from "./sqlite.ts";
import { StorageError } from "./storage.ts";

const forms = "sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE or memory:";

/** What a store is called in logs and messages: its URL, or what was meant as one, without a password. */
export function nameStore(url: string): string {
  return url.replace(/:\/\/(?<user>[^/@:]*):.*@/, "://$<user>@");
}

/**
 * Opens the store that `url` names: `sqlite:PATH` for a file, made where it is missing; `postgres://..` for a database
 * of a PostgreSQL server; or `memory:` for one that ends with the process. Rejects with `unsupported` for any other, and
 * as `openSqliteStore` and `openPostgresStore` do.
 */
export async function openStore(url: string): Promise<Store> {
  if (url === "memory:") return new MemoryDatabase().open();
  if (/^postgres(?:ql)?:\/\//.test(url)) return await openPostgresStore(url);
  const path = url.startsWith("sqlite:") ? url.slice("sqlite:".length) : "";
  if (path === "" || path === ":memory:") {
    throw new StorageError("unsupported", `store "${nameStore(url)}" must be ${forms}`);
  }
  return await openSqliteStore(path);
}
