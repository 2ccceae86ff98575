import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { isMissing } from "./failures.ts";
import { oldFile, versionFile, type JobFolder } from "./job-folder.ts";
import type { Chunk, Manifest } from "./manifest.ts";
import { readSeal } from "./seal.ts";
import { WeightsError } from "./weights-store.ts";

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function noVersion(version: number): WeightsError {
  return new WeightsError("notFound", `there is no version ${version} of these weights (any more).`);
}

/** What a version consists of. Rejects with WeightsError `notFound` or `corrupt`. */
export async function readManifest(folder: JobFolder, version: number): Promise<Manifest> {
  const file = await openIfThere(versionFile(folder, version));
  if (file === null) throw noVersion(version);
  try {
    return (await readSeal(file, `version ${version}`)) as Manifest;
  } finally {
    await file.close();
  }
}

/** The files in which chunks of one version lie, open: from then on the version may be collected. To be closed. */
export class VersionReader {
  readonly #files: ReadonlyMap<number, FileHandle>;

  private constructor(files: ReadonlyMap<number, FileHandle>) {
    this.#files = files;
  }

  /** Rejects with WeightsError `notFound` where the version has been collected, `corrupt` where a file is missing all the same. */
  static async open(folder: JobFolder, version: number, chunks: readonly Chunk[]): Promise<VersionReader> {
    const files = new Map<number, FileHandle>();
    const reader = new VersionReader(files);
    try {
      for (const chunk of chunks) {
        if (files.has(chunk.version)) continue;
        const file =
          (await openIfThere(versionFile(folder, chunk.version))) ??
          (await openIfThere(oldFile(folder, chunk.version)));
        if (file === null) {
          await readManifest(folder, version);
          const what = `chunk ${chunk.sha256}, in the file of version ${chunk.version}`;
          throw new WeightsError("corrupt", `${what}, is missing.`);
        }
        files.set(chunk.version, file);
      }
      return reader;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** The numbers of a chunk. Rejects with WeightsError `corrupt` that names it where it is not what was written. */
  async read({ sha256, bytes, version, offset }: Chunk, tensor: string): Promise<Float32Array> {
    const buffer = Buffer.from(new ArrayBuffer(bytes));
    const read = await this.#files.get(version)?.read(buffer, 0, bytes, offset);
    const whole = buffer.subarray(0, read?.bytesRead ?? 0);
    if (createHash("sha256").update(whole).digest("hex") !== sha256) {
      const what = `chunk ${sha256} of the tensor ${tensor}, in the file of version ${version}`;
      throw new WeightsError("corrupt", `${what}, is damaged.`);
    }
    return new Float32Array(buffer.buffer, 0, bytes / 4);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }
}
