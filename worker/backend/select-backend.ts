import * as tf from "@tensorflow/tfjs-core";
import type { Backend, BackendName, LoadBackend } from "./backend.ts";
import { loadCpu } from "./cpu.ts";
import { describeResults, probeCandidates, ranking, type ProbeResults } from "./rank-backends.ts";
import { probeBackend } from "./run-probe.ts";
import { loadTensorflow } from "./tensorflow.ts";
import { agreeOnVerdict, readVerdict, verdictPath } from "./verdict-file.ts";
import { loadWasm } from "./wasm/load.ts";
import { loadWebgpu } from "./webgpu/load.ts";

export type BackendPreference = "auto" | BackendName;

const loaders: Readonly<Record<BackendName, LoadBackend>> = {
  tensorflow: loadTensorflow,
  webgpu: loadWebgpu,
  wasm: loadWasm,
  cpu: loadCpu,
};

/** Loads the backend of this name; rejects with the reason it cannot. `isNamed` as in LoadBackend. Prints nothing. */
export async function loadBackend(name: BackendName, isNamed: boolean): Promise<Backend> {
  // tfjs warns on the console (of slow backends and the like) unless it is told that this is production.
  tf.env().set("PROD", true);
  return loaders[name](isNamed);
}

/** What this machine's backends are worth: as found by an earlier process of the last day, else as measured now, each in a process of its own. */
export async function compareBackends(): Promise<ProbeResults> {
  const path = await verdictPath();
  return (
    (await readVerdict(path)) ?? agreeOnVerdict(path, await probeCandidates(probeBackend, new AbortController().signal))
  );
}

/**
 * Loads the backend to train on. `auto` takes the fastest that works, by `compare`, and tells `log` in one line which and why; a backend
 * asked for by name is taken without a check, or the call rejects with the reason it cannot be. Prints nothing itself.
 */
export async function selectBackend(
  preference: BackendPreference,
  log: (message: string) => void = () => undefined,
  compare: () => Promise<ProbeResults> = compareBackends,
): Promise<Backend> {
  if (preference !== "auto") {
    return loadBackend(preference, true).catch((error: unknown) => {
      throw new Error(cannotBeUsed(preference, error), { cause: error });
    });
  }
  const results = await compare();
  const reasons: string[] = [];
  for (const name of ranking(results)) {
    try {
      const backend = await loadBackend(name, false);
      log([`training on ${name}: ${describeResults(results)}`, ...reasons].join("; "));
      return backend;
    } catch (error) {
      reasons.push(cannotBeUsed(name, error));
    }
  }
  throw new Error(reasons.join("; "));
}

function cannotBeUsed(name: BackendName, error: unknown): string {
  return `backend ${name} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
}
