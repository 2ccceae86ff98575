import { fileURLToPath } from "node:url";
import { pythonWith, type PythonEnvironment } from "../../../cli/bench/peers/python-environment.ts";
import { packageFile } from "../../../cli/package-file.ts";
import { canonicalJson } from "../../../network/canonical.ts";
import type { BackendName } from "../../../worker/backend/backend.ts";
import { twoBlockNetwork } from "../../../worker/backend/measure-backend.ts";

/** What is trained, and for how long. */
export interface Race {
  readonly stemStride: number;
  readonly batch: number;
  readonly seconds: number;
}

/** A program that trains the network and prints its TrainingRate. */
export interface Contestant {
  readonly name: string;
  /** The program and its arguments. Rejects where it cannot be had here. */
  command(race: Race, note: (text: string) => void): Promise<readonly string[]>;
}

const main = fileURLToPath(new URL("train-main.js", import.meta.url));

/** One of our backends. */
export const ofBackend = (backend: BackendName): Contestant => ({
  name: `fpnas, ${backend}`,
  command: ({ stemStride, batch, seconds }) =>
    Promise.resolve([process.execPath, main, backend, ...[stemStride, batch, seconds].map(String)]),
});

const tensorflow: PythonEnvironment = { name: "bench-tensorflow-2.21.0", packages: ["tensorflow-cpu==2.21.0"] };
const pytorch: PythonEnvironment = { name: "bench-torch-2.15.0", packages: ["torch==2.15.0"] };

function ofPython(
  name: string,
  environment: PythonEnvironment,
  script: string,
  ...leading: readonly string[]
): Contestant {
  return {
    name,
    async command({ stemStride, batch, seconds }, note) {
      const python = await pythonWith(environment, note, new AbortController().signal);
      const graph = canonicalJson(twoBlockNetwork(stemStride));
      return [python, packageFile("test", "bench", "peers", script), ...leading, graph, String(batch), String(seconds)];
    },
  };
}

/** The others, in Python. */
export const peers: readonly Contestant[] = [
  ofPython("TensorFlow 2.21, eager", tensorflow, "tensorflow_training.py", "eager"),
  ofPython("TensorFlow 2.21, tf.function", tensorflow, "tensorflow_training.py", "function"),
  ofPython("PyTorch 2.15", pytorch, "pytorch_training.py"),
];
