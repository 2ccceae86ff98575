import { EvaluationError } from "../evaluator/evaluator.ts";
import { cacheFolder, loadCached } from "./cache.ts";
import type { Dataset, DatasetSource } from "./dataset.ts";
import { fashionMnist } from "./fashion-mnist.ts";
import { mnist } from "./mnist.ts";

const sources: Readonly<Record<string, () => Promise<DatasetSource>>> = { mnist, "fashion-mnist": fashionMnist };

const loaded = new Map<string, Promise<Dataset>>();

async function load(name: string): Promise<Dataset> {
  if (!Object.hasOwn(sources, name)) {
    const known = Object.keys(sources).join(", ");
    throw new EvaluationError("data_unavailable", `This worker has no data set "${name}". It has ${known}.`);
  }
  try {
    const source = await sources[name]?.();
    if (source !== undefined) return await loadCached(source, cacheFolder());
    throw new Error("no source");
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new EvaluationError("data_unavailable", `Data set "${name}" cannot be read: ${detail}`, { cause: error });
  }
}

/**
 * Loads a data set by name, once a process: from a cache file in a fraction of a second, the first time on a machine by decoding its npm
 * package in a few seconds. Rejects with EvaluationError `data_unavailable` for an unknown name or unreadable data.
 */
export async function loadDataset(name: string): Promise<Dataset> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const loading = load(name);
  loaded.set(name, loading);
  loading.catch(() => loaded.delete(name));
  return loading;
}
