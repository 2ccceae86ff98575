import { createMemoryStorage } from "./memory-storage.ts";
import { openSqliteStorage } from "./sqlite.ts";
import { StorageError } from "./storage.ts";
import type { Storage } from "./storage.ts";

/**
 * Opens the store that `url` names: `sqlite:PATH` for a file, made where it is missing, or `memory:` for one that
 * ends with the process. Rejects with `unsupported` for any other, and as `openSqliteStorage` does.
 */
export async function openStorage(url: string): Promise<Storage> {
  if (url === "memory:") return createMemoryStorage();
  const path = url.startsWith("sqlite:") ? url.slice("sqlite:".length) : "";
  if (path === "" || path === ":memory:") {
    throw new StorageError("unsupported", `store "${url}" must be sqlite:PATH or memory:`);
  }
  return await openSqliteStorage(path);
}
