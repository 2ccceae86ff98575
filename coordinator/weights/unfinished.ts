import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isMissing, systemCode } from "./failures.ts";

/** No file is written for so long. */
const abandonedMs = 24 * 3600 * 1000;

/** The stores that this process has open: a process that is started again in its container may have the number of the one that died. */
const open = new Set<string>();

/** Names of files that one open store writes: HOST.PROCESS.STORE.NUMBER, so that others can tell when nobody will finish one. */
export class UnfinishedNames {
  readonly #store = randomUUID();
  #count = 0;

  constructor() {
    open.add(this.#store);
  }

  /** A name that nobody else uses. */
  next(): string {
    this.#count += 1;
    return `${hostname()}.${process.pid}.${this.#store}.${this.#count}`;
  }

  /** Files of these names are not written any more. */
  close(): void {
    open.delete(this.#store);
  }
}

/** Removes what processes of this machine have left that died, and what is a day old, from all jobs of a store. */
export async function clearUnfinished(root: string): Promise<void> {
  for (const job of await readdir(root)) {
    const folder = join(root, job, "unfinished");
    for (const name of await namesIn(folder)) {
      const path = join(folder, name);
      if (isOrphan(name) || (await isAbandoned(path))) await rm(path, { force: true });
    }
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error) || systemCode(error) === "ENOTDIR") return [];
    throw error;
  }
}

function isOrphan(name: string): boolean {
  const [, host, number, store] = /^(.*)\.([0-9]+)\.([0-9a-f-]{36})\.[0-9]+$/.exec(name) ?? [];
  if (host !== hostname() || number === undefined || store === undefined) return false;
  if (Number(number) === process.pid) return !open.has(store);
  try {
    process.kill(Number(number), 0);
    return false;
  } catch (error) {
    return systemCode(error) === "ESRCH";
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > abandonedMs;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
