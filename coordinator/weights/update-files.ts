import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { decodeWeights, precisionBytes, sliceSize } from "../../network/weights-codec.ts";
import { isMissing } from "./failures.ts";
import { updateOfName, type JobFolder } from "./job-folder.ts";
import { chunkNumbers, type StoredUpdate } from "./manifest.ts";
import { readSealSync } from "./seal.ts";
import { WeightsError } from "./weights-store.ts";

/** Bytes of updates that are held at a time, all together, but for what is asked for. */
const windowsBytes = 16 * 1024 * 1024;
const verifiedBytes = 1024 * 1024;

/** One update on disk, its numbers read as they are needed, from window to window. */
export class UpdateFile {
  readonly stored: StoredUpdate;
  /** Where the numbers of each tensor's slice begin. */
  readonly starts: ReadonlyMap<string, number>;
  readonly #path: string;
  readonly #windowNumbers: number;
  #window: { readonly from: number; readonly numbers: Float32Array } = { from: 0, numbers: new Float32Array(0) };

  /** Throws WeightsError `notFound` where it is gone, `corrupt` where it is not what was written. */
  constructor(path: string, name: string, windowBytes: number) {
    this.#path = path;
    this.stored = this.#withFile((file) => {
      const stored = readSealSync(file, name) as StoredUpdate;
      verify(file, stored, name);
      return stored;
    });
    let start = 0;
    const starts = new Map<string, number>();
    for (const slice of this.stored.slices) {
      starts.set(slice.tensor, start);
      start += sliceSize(slice);
    }
    this.starts = starts;
    this.#windowNumbers = Math.min(chunkNumbers, Math.floor(windowBytes / 4));
  }

  /** Some of its numbers, from the first up to, without, the second. */
  numbers(from: number, to: number): Float32Array {
    const { from: begin, numbers } = this.#window;
    if (from >= begin && to <= begin + numbers.length) return numbers.subarray(from - begin, to - begin);
    const read = this.#read(from, Math.max(to - from, this.#windowNumbers));
    // What is larger than a window is not kept.
    this.#window = { from, numbers: to - from > this.#windowNumbers ? new Float32Array(0) : read };
    return read.subarray(0, to - from);
  }

  #read(from: number, count: number): Float32Array {
    const width = precisionBytes[this.stored.precision];
    const buffer = new ArrayBuffer(count * width);
    const bytes = this.#withFile((file) => readSync(file, new Uint8Array(buffer), 0, buffer.byteLength, from * width));
    // Behind the last number come bytes of the seal, which nobody asks for.
    const shape = [Math.floor(bytes / width)];
    if (this.stored.precision === "float32") return new Float32Array(buffer, 0, shape[0]);
    const [values] = decodeWeights(
      new Uint8Array(buffer, 0, bytes - (bytes % width)),
      [{ tensor: "", shape }],
      "float16",
    );
    return values ?? new Float32Array(0);
  }

  /** Opens it for a moment: there may be more updates in a merge than a process may have files open. */
  #withFile<T>(use: (file: number) => T): T {
    const file = openSync(this.#path, "r");
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  }
}

function verify(file: number, { slices, precision, sha256 }: StoredUpdate, name: string): void {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(verifiedBytes);
  let left = slices.reduce((sum, slice) => sum + sliceSize(slice), 0) * precisionBytes[precision];
  for (let offset = 0; left > 0;) {
    const count = readSync(file, buffer, 0, Math.min(left, buffer.length), offset);
    if (count === 0) break;
    hash.update(buffer.subarray(0, count));
    offset += count;
    left -= count;
  }
  if (hash.digest("hex") !== sha256) throw new WeightsError("corrupt", `${name} is damaged.`);
}

/** Opens updates by their hashes. Throws WeightsError `notFound` or `corrupt` that names the update. */
export function openUpdates(folder: JobFolder, hashes: readonly string[]): ReadonlyMap<string, UpdateFile> {
  const wanted = new Set(hashes);
  const names = new Map<string, string>();
  for (const name of wanted.size === 0 ? [] : readdirSync(folder.updates)) {
    const update = updateOfName(name);
    if (update !== null && wanted.has(update.sha256)) names.set(update.sha256, name);
  }
  const opened = new Map<string, UpdateFile>();
  for (const sha256 of wanted) {
    const missing = new WeightsError("notFound", `there is no update ${sha256}`);
    const name = names.get(sha256);
    if (name === undefined) throw missing;
    try {
      opened.set(sha256, new UpdateFile(join(folder.updates, name), `update ${sha256}`, windowsBytes / wanted.size));
    } catch (error) {
      throw isMissing(error) ? missing : error;
    }
  }
  return opened;
}
