import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandFile } from "../../../network/evaluation.ts";
import { EvaluationError } from "../evaluator.ts";

/**
 * Makes a fresh folder for one evaluation and lays the job's files in it, which their owner alone may read and run. Rejects, with nothing
 * left behind, with EvaluationError `data_unavailable` where a file cannot be had, and where one would lie outside of the folder.
 * @param fetchFile the bytes of a file by hash, checked.
 */
export async function makeWorkingFolder(
  files: readonly CommandFile[],
  fetchFile: (sha256: string) => Promise<Uint8Array>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `fpnas-trial-${process.pid}-`));
  try {
    for (const { path, sha256 } of files) {
      if (!isInner(path))
        throw new EvaluationError("internal", `The file ${JSON.stringify(path)} would lie elsewhere.`);
      const bytes = await fetchFile(sha256);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes, { mode: 0o700, flag: "wx" });
    }
    return folder;
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}

/** Removes the folder with all that is in it, also where something is still being written there. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** The coordinator checks paths, too, but whoever can reach a worker's coordinator could pose as one. */
function isInner(path: string): boolean {
  return !/[\\\0:]/.test(path) && path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}
