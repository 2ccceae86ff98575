import { createHash } from "node:crypto";
import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { precisionBytes, sliceSize } from "../../network/weights-codec.ts";
import { publish } from "./durable.ts";
import { shapesOf } from "./fits.ts";
import { updateFile, updateOfName, type JobFolder } from "./job-folder.ts";
import type { StoredUpdate } from "./manifest.ts";
import { readSeal, sealOf } from "./seal.ts";
import { openIfThere, readManifest } from "./version-reader.ts";
import { WeightsError, type UpdateHeader } from "./weights-store.ts";

/** Looks at numbers as their bytes come. */
class NumbersCheck {
  isFinite = true;
  isZero = true;
  readonly #width: number;
  readonly #exponent: number;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(precision: UpdateHeader["precision"]) {
    this.#width = precisionBytes[precision];
    this.#exponent = precision === "float32" ? 0x7f80_0000 : 0x7c00;
  }

  take(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const [width, exponent] = [this.#width, this.#exponent];
    const sign = width === 4 ? 0x8000_0000 : 0x8000;
    let offset = 0;
    for (; offset + width <= bytes.length; offset += width) {
      const bits = width === 4 ? view.getUint32(offset, true) : view.getUint16(offset, true);
      if ((bits & exponent) === exponent) this.isFinite = false;
      if (bits !== 0 && bits !== sign) this.isZero = false;
    }
    // The caller may use its buffer again.
    this.#rest = bytes.slice(offset);
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
    const check = new NumbersCheck(precision);
    let size = 0;
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > needed) break;
      check.take(chunk);
      if (!check.isFinite) throw refused("holds numbers that are not finite.");
      hash.update(chunk);
      await file.appendFile(chunk);
    }
    if (size !== needed) throw refused(`has ${size > needed ? "more" : size} bytes: its slices have ${needed}.`);
    const digest = hash.digest("hex");
    if (digest !== sha256) throw refused(`has bytes of the SHA-256 ${digest}, not ${sha256}.`);
    const update: StoredUpdate = { job, slices, precision, sha256 };
    // It is known by its bytes alone. Nothing at all may be added anywhere.
    if (!check.isZero && (await isOtherwiseStored(folder, update)))
      throw refused(`has the bytes of another one, of other slices.`);
    await file.appendFile(sealOf(update));
    await publish(file, path, updateFile(folder, sha256, version));
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

async function isOtherwiseStored(folder: JobFolder, { slices, precision, sha256 }: StoredUpdate): Promise<boolean> {
  const shapes = (of: Pick<StoredUpdate, "slices" | "precision">): string =>
    JSON.stringify([of.precision, of.slices.map(({ tensor, shape }) => [tensor, shape])]);
  for (const name of await namesOf(folder, sha256)) {
    const file = await openIfThere(join(folder.updates, name));
    if (file === null) continue;
    try {
      const stored = (await readSeal(file, `update ${sha256}`)) as StoredUpdate;
      if (shapes(stored) !== shapes({ slices, precision })) return true;
    } finally {
      await file.close();
    }
  }
  return false;
}

async function namesOf(folder: JobFolder, sha256: string): Promise<readonly string[]> {
  return (await readdir(folder.updates)).filter((name) => updateOfName(name)?.sha256 === sha256);
}

/** Whether an update is stored. */
export async function hasUpdate(folder: JobFolder, sha256: string): Promise<boolean> {
  return (await namesOf(folder, sha256)).length > 0;
}
