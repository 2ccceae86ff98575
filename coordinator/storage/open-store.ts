import type { Store } from "./leadership.ts";
import { MemoryDatabase } from "./memory-database.ts";
import { openSqliteStore } from "./sqlite.ts";
import { StorageError } from "./storage.ts";

/**
 * Opens the store that `url` names: `sqlite:PATH` for a file, made where it is missing, or `memory:` for one that
 * ends with the process. Rejects with `unsupported` for any other, and as `openSqliteStore` does.
 */
export async function openStore(url: string): Promise<Store> {
  if (url === "memory:") return new MemoryDatabase().open();
  const path = url.startsWith("sqlite:") ? url.slice("sqlite:".length) : "";
  if (path === "" || path === ":memory:") {
    throw new StorageError("unsupported", `store "${url}" must be sqlite:PATH or memory:`);
  }
  return await openSqliteStore(path);
}
