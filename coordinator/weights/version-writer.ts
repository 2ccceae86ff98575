import { createHash } from "node:crypto";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { publishSync } from "./durable.ts";
import type { Chunk, Manifest } from "./manifest.ts";
import { sealOf } from "./seal.ts";

/** The file of a version as it is written: chunks -> published, or dropped. */
export class VersionWriter {
  readonly #version: number;
  readonly #path: string;
  readonly #file: number;
  #offset = 0;

  /** Begins a file at a path where there is none. */
  constructor(version: number, path: string) {
    this.#version = version;
    this.#path = path;
    this.#file = openSync(path, "wx");
  }

  /** Writes numbers as a chunk, unless they are those of a chunk that is there. */
  write(numbers: Float32Array, there: Chunk | null): Chunk {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (sha256 === there?.sha256) return there;
    const chunk = { sha256, bytes: bytes.byteLength, version: this.#version, offset: this.#offset };
    this.#append(bytes);
    return chunk;
  }

  /** Ends the file and puts it in its place: durable when it returns. */
  publish(manifest: Manifest, to: string): void {
    this.#append(sealOf(manifest));
    publishSync(this.#file, this.#path, to);
  }

  /** Gives the file up, if it is still there. */
  drop(): void {
    try {
      closeSync(this.#file);
    } catch {
      // Publishing failed after it had closed the file.
    }
    rmSync(this.#path, { force: true });
  }

  #append(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.byteLength;) {
      const count = writeSync(this.#file, bytes, written, bytes.byteLength - written, this.#offset);
      written += count;
      this.#offset += count;
    }
  }
}
