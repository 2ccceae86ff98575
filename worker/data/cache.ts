import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Dataset, DatasetSource } from "./dataset.ts";
import { pack, unpack } from "./packed.ts";

/** Where decoded data sets are kept: FPNAS_CACHE_DIR, else fpnas under the user's cache folder (XDG_CACHE_HOME, else ~/.cache). */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { FPNAS_CACHE_DIR: own, XDG_CACHE_HOME: shared } = environment;
  if (own !== undefined && own !== "") return own;
  return join(shared !== undefined && shared !== "" ? shared : join(homedir(), ".cache"), "fpnas");
}

/** Writes under another name and renames: whoever reads at the same time sees a whole file or none, whoever writes too the same bytes. */
async function writeWhole(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Reads a data set from its cache file, or decodes it and leaves the file for the next time. A file that is damaged or of another format
 * is made anew; a folder that cannot be written to is done without.
 */
export async function loadCached(source: DatasetSource, folder: string): Promise<Dataset> {
  const path = join(folder, `${source.name}-${source.version}.bin`);
  try {
    return unpack(await readFile(path), source);
  } catch {
    const bytes = pack(await source.decode());
    await writeWhole(folder, path, bytes).catch(() => undefined);
    return unpack(bytes, source);
  }
}
