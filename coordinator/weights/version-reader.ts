import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { isMissing } from "./failures.ts";
import { oldFile, versionFile, type JobFolder } from "./job-folder.ts";
import type { Chunk, Manifest } from "./manifest.ts";
import { readSeal } from "./seal.ts";
import { WeightsError } from "./weights-store.ts";

/** Opens a file to read; null where there is none. */
export async function openIfThere(path: string): Promise<FileHandle | null> {
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

/** A chunk, and the tensor that it is of. */
export interface NamedChunk {
  readonly tensor: string;
  readonly chunk: Chunk;
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

  /**
   * The numbers of chunks that lie near each other in one file, from the first to the last, with one read. Rejects with WeightsError
   * `corrupt` that names the chunk that is not what was written.
   */
  async read(chunks: readonly NamedChunk[]): Promise<readonly Float32Array[]> {
    const [first, last] = [chunks.at(0)?.chunk, chunks.at(-1)?.chunk];
    if (first === undefined || last === undefined) return [];
    const size = last.offset + last.bytes - first.offset;
    const buffer = Buffer.from(new ArrayBuffer(size));
    const read = await this.#files.get(first.version)?.read(buffer, 0, size, first.offset);
    const there = buffer.subarray(0, read?.bytesRead ?? 0);
    return chunks.map(({ chunk: { sha256, bytes, version, offset }, tensor }) => {
      const from = offset - first.offset;
      if (
        createHash("sha256")
          .update(there.subarray(from, from + bytes))
          .digest("hex") !== sha256
      ) {
        const what = `chunk ${sha256} of the tensor ${tensor}, in the file of version ${version}`;
        throw new WeightsError("corrupt", `${what}, is damaged.`);
      }
      return new Float32Array(buffer.buffer, from, bytes / 4);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }
}
