import { createHash } from "node:crypto";
import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { precisionBytes, sliceSize } from "../../network/weights-codec.ts";
import { publish } from "./durable.ts";
import { shapesOf } from "./fits.ts";
import { updateFile, updateOfName, type JobFolder } from "./job-folder.ts";
import type { StoredUpdate } from "./manifest.ts";
import { sealOf } from "./seal.ts";
import { readManifest } from "./version-reader.ts";
import { WeightsError, type UpdateHeader } from "./weights-store.ts";

/** Finds numbers that are none, in bytes as they come. */
class FiniteCheck {
  readonly #exponent: number;
  readonly #width: number;
  #rest: Buffer = Buffer.alloc(0);
  #isFinite = true;

  constructor(precision: UpdateHeader["precision"]) {
    this.#width = precisionBytes[precision];
    this.#exponent = precision === "float32" ? 0x7f80 : 0x7c00;
  }

  /** Whether all numbers so far are finite. The exponent stands in the last two bytes of a number. */
  take(chunk: Uint8Array): boolean {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - (bytes.length % this.#width);
    for (let offset = this.#width - 2; offset < whole && this.#isFinite; offset += this.#width) {
      if ((bytes.readUInt16LE(offset) & this.#exponent) === this.#exponent) this.#isFinite = false;
    }
    this.#rest = bytes.subarray(whole);
    return this.#isFinite;
  }
}

/** Stores an update, as `WeightsStore.putUpdate` says, by way of a file in the job's folder of unfinished ones that nobody else uses. */
export async function putUpdate(
  job: string,
  folder: JobFolder,
  header: UpdateHeader,
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): Promise<void> {
  const { slices, precision, version, sha256 } = header;
  const what = `the update of trial ${header.trial}`;
  const refused = (why: string): WeightsError => new WeightsError("invalid", `${what} ${why}`);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw refused("has a SHA-256 that is not 64 lower-case hexadecimal digits.");
  const { tensors } = await readManifest(folder, version);
  shapesOf(slices, tensors, what);
  const needed = slices.reduce((sum, slice) => sum + sliceSize(slice), 0) * precisionBytes[precision];

  const path = join(folder.unfinished, name);
  const file = await open(path, "wx");
  try {
    const hash = createHash("sha256");
    const check = new FiniteCheck(precision);
    let size = 0;
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > needed) break;
      if (!check.take(chunk)) throw refused("holds numbers that are not finite.");
      hash.update(chunk);
      await file.appendFile(chunk);
    }
    if (size !== needed) throw refused(`has ${size > needed ? "more" : size} bytes: its slices have ${needed}.`);
    const digest = hash.digest("hex");
    if (digest !== sha256) throw refused(`has bytes of the SHA-256 ${digest}, not ${sha256}.`);
    await file.appendFile(sealOf({ job, slices, precision, sha256 } satisfies StoredUpdate));
    await publish(file, path, updateFile(folder, sha256, version));
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

/** Whether an update is stored. */
export async function hasUpdate(folder: JobFolder, sha256: string): Promise<boolean> {
  return (await readdir(folder.updates)).some((name) => updateOfName(name)?.sha256 === sha256);
}
