/**
 * `node probe.js BACKEND [FOLDER]`, a child process with an IPC channel: loads a backend (native TensorFlow from an installation's folder,
 * where one is named), checks and measures it, and sends the `ProbeResult`. A backend that takes its process down takes this one only.
 */
import { loadInstallation } from "../tensorflow/load-installation.ts";
import type { BackendName } from "./backend.ts";
import { firstLineOf } from "./first-line.ts";
import { measureBackend } from "./measure-backend.ts";
import type { ProbeResult } from "./run-probe.ts";
import { loadBackend } from "./select-backend.ts";

async function probe(name: BackendName, folder: string | undefined): Promise<ProbeResult> {
  try {
    const backend = folder === undefined ? await loadBackend(name, false) : await loadInstallation(folder);
    return { type: "works", figures: await measureBackend(backend) };
  } catch (error) {
    return { type: "fails", reason: firstLineOf(error) };
  }
}

// Nobody waits for the answer any more.
process.once("disconnect", () => process.exit(1));
const [name, folder] = process.argv.slice(2);
const result = await probe(name as BackendName, folder);
// A backend's threads need not end by themselves.
process.send?.(result, () => process.exit(0));
