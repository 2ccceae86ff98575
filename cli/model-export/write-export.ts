import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { badInput, systemCode } from "../errors.ts";
import { describeSystemError } from "../read-file.ts";
import { makeFolder } from "../run/run-folder.ts";
import { exportFiles } from "./architecture-file.ts";

/**
 * Writes an export so that its folder is there whole or not at all; an earlier export is replaced once the new one is whole.
 * Throws CliError (bad input) where the folder holds anything else, or cannot be written.
 */
export async function writeExport(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  const [partial, replaced] = [`${folder}.partial`, `${folder}.replaced`];
  try {
    const isThere = await isExport(folder);
    await rm(partial, { recursive: true, force: true });
    await makeFolder(partial);
    for (const [path, content] of files) {
      await mkdir(dirname(join(partial, path)), { recursive: true });
      await writeFile(join(partial, path), content, { flush: true });
    }
    await rm(replaced, { recursive: true, force: true });
    if (isThere) await rename(folder, replaced);
    await rename(partial, folder);
    await rm(replaced, { recursive: true, force: true });
  } catch (error) {
    if (systemCode(error) === "") throw error;
    throw badInput(`${folder} cannot be written: ${describeSystemError(error)}.`);
  }
}

/** Whether there is an export to replace. Throws CliError where the folder is somebody else's. */
async function isExport(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  });
  if (names === null) return false;
  if (names.length === 0 || names.includes(exportFiles.architecture)) return true;
  throw badInput(`${folder} holds something else than an export; give another folder, or remove it.`);
}
