import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoordinatorConfig } from "./config.ts";
import { openWeightsStore } from "./weights/open-store.ts";
import type { WeightsStore } from "./weights/weights-store.ts";

/** The shared weights that a coordinator keeps. */
export interface OpenWeights {
  /** Null where it keeps none. */
  readonly store: WeightsStore | null;
  /** Where; null where it keeps none. */
  readonly folder: string | null;
  readonly close: () => Promise<void>;
}

/** Opens the weights at the place that `CoordinatorConfig.weights` says. Rejects with WeightsError. */
export async function openWeights({
  store,
  weights,
}: Pick<CoordinatorConfig, "store" | "weights">): Promise<OpenWeights> {
  if (weights !== null) return await openFolder(weights);
  if (store.startsWith("sqlite:")) return await openFolder(`${store.slice("sqlite:".length)}-weights`);
  if (store !== "memory:") return { store: null, folder: null, close: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), "fpnas-weights-"));
  const opened = await openFolder(folder);
  const close = (): Promise<void> => opened.close().then(() => rm(folder, { recursive: true, force: true }));
  return { ...opened, close };
}

async function openFolder(folder: string): Promise<OpenWeights> {
  const store = await openWeightsStore(folder);
  return { store, folder, close: () => store.close() };
}
