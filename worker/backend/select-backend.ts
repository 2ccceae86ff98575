import * as tf from "@tensorflow/tfjs-core";
import { backendNames, type Backend, type BackendName, type LoadBackend } from "./backend.ts";
import { loadCpu } from "./cpu.ts";
import { loadTensorflow } from "./tensorflow.ts";
import { loadWasm } from "./wasm/load.ts";

export type BackendPreference = "auto" | BackendName;

const loaders: Readonly<Record<BackendName, LoadBackend>> = {
  tensorflow: loadTensorflow,
  wasm: loadWasm,
  cpu: loadCpu,
};

/**
 * Loads the backend to train on. `auto` takes the first of native TensorFlow, wasm and cpu that loads, and tells `log` in one line why
 * the ones before it did not; a backend asked for by name is taken or the call rejects with that reason. Prints nothing itself.
 */
export async function selectBackend(
  preference: BackendPreference,
  log: (message: string) => void = () => undefined,
): Promise<Backend> {
  // tfjs warns on the console (of slow backends and the like) unless it is told that this is production.
  tf.env().set("PROD", true);
  const wanted: readonly BackendName[] = preference === "auto" ? backendNames : [preference];
  const reasons: string[] = [];
  for (const name of wanted) {
    try {
      return await loaders[name]();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reasons.push(`backend ${name} cannot be used: ${reason}`);
      log(`backend ${name} cannot be used: ${reason}`);
    }
  }
  throw new Error(reasons.join("\n"));
}
