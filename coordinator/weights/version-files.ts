import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { isMissing } from "./failures.ts";
import { oldFile, versionFile, type JobFolder } from "./job-folder.ts";
import type { Chunk, Manifest } from "./manifest.ts";
import { readSealSync } from "./seal.ts";
import { WeightsError } from "./weights-store.ts";

/** The files of a job's versions for a thread that may wait. To be closed. */
export class VersionFiles {
  readonly #folder: JobFolder;
  readonly #open = new Map<number, number>();

  constructor(folder: JobFolder) {
    this.#folder = folder;
  }

  /** What a version consists of; null where it is not there (any more). Throws WeightsError `corrupt`. */
  manifest(version: number): Manifest | null {
    const file = openIfThere(versionFile(this.#folder, version));
    if (file === null) return null;
    try {
      return readSealSync(file, `version ${version}`) as Manifest;
    } finally {
      closeSync(file);
    }
  }

  /** Reads a chunk into the front of a buffer that has room for it, and returns its numbers there. Throws WeightsError `corrupt`. */
  read({ sha256, bytes, version, offset }: Chunk, buffer: Buffer<ArrayBuffer>, tensor: string): Float32Array {
    const damaged = (how: string): WeightsError =>
      new WeightsError(
        "corrupt",
        `chunk ${sha256} of the tensor ${tensor}, in the file of version ${version}, ${how}.`,
      );
    const file = this.#file(version);
    if (file === null) throw damaged("is missing");
    const read = buffer.subarray(0, readSync(file, buffer, 0, bytes, offset));
    if (createHash("sha256").update(read).digest("hex") !== sha256) throw damaged("is damaged");
    return new Float32Array(buffer.buffer, buffer.byteOffset, bytes / 4);
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }

  #file(version: number): number | null {
    const known = this.#open.get(version);
    if (known !== undefined) return known;
    const file = openIfThere(versionFile(this.#folder, version)) ?? openIfThere(oldFile(this.#folder, version));
    if (file !== null) this.#open.set(version, file);
    return file;
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
