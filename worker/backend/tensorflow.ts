import { chosenInstallation } from "../tensorflow/installation.ts";
import { loadInstallation, quietTensorflow, startTensorflow } from "../tensorflow/load-installation.ts";
import type { Backend } from "./backend.ts";

/** tfjs's own packages, the one with a GPU first. Optional: their installers fetch a TensorFlow of 2022, which not every machine can. */
const packages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

/** Each way to native TensorFlow, by the name that a failure is told under. */
async function ways(): Promise<readonly (readonly [string, () => Promise<Backend>])[]> {
  const installation = await chosenInstallation();
  return [
    ...(installation === null ? [] : [[installation.folder, () => loadInstallation(installation.folder)] as const]),
    ...packages.map((name) => [name, () => loadPackage(name)] as const),
  ];
}

async function loadPackage(name: string): Promise<Backend> {
  quietTensorflow();
  await import(name);
  return startTensorflow();
}

/**
 * TensorFlow's own library through tfjs's native binding: the one that `fpnas worker install-tensorflow` installed, else that of an npm
 * package. Rejects with the reason of each where none loads.
 */
export async function loadTensorflow(): Promise<Backend> {
  const reasons: string[] = [];
  for (const [name, load] of await ways()) {
    try {
      return await load();
    } catch (error) {
      reasons.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new Error(reasons.join("; "));
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? message;
}
