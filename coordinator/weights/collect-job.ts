import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { oldFile, updateOfName, versionFile, versionOfName, type JobFolder } from "./job-folder.ts";
import { readManifest } from "./version-reader.ts";

/**
 * Drops what `WeightsStore.collect` says. Beside a merge that is safe: it writes a later version, whose chunks lie in its own file or in those
 * that its base, which is kept, uses. Rejects with WeightsError `corrupt`, and drops no version, where what a kept one uses cannot be read.
 */
export async function collectJob(
  folder: JobFolder,
  keep: { readonly version: number; readonly updates: readonly string[] },
): Promise<void> {
  const kept = new Set(keep.updates);
  for (const name of await readdir(folder.updates)) {
    const update = updateOfName(name);
    if (update === null || update.version >= keep.version || kept.has(update.sha256)) continue;
    await rm(join(folder.updates, name), { force: true });
  }

  const versions = (await readdir(folder.versions)).flatMap((name) => versionOfName(name) ?? []);
  const used = new Set<number>();
  for (const { version, isOld } of versions) {
    if (isOld || version < keep.version) continue;
    for (const { chunks, before } of (await readManifest(folder, version)).tensors) {
      for (const chunk of [...chunks, ...before]) used.add(chunk.version);
    }
  }
  for (const { version, isOld } of versions) {
    if (version >= keep.version) continue;
    if (!used.has(version)) await rm(isOld ? oldFile(folder, version) : versionFile(folder, version), { force: true });
    else if (!isOld) await rename(versionFile(folder, version), oldFile(folder, version));
  }
}
