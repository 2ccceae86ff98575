import { fileURLToPath } from "node:url";
import type { BackendFigures } from "../backend/measure-backend.ts";
import { probeWith } from "../backend/run-probe.ts";
import { InstallError } from "./install-error.ts";

const program = fileURLToPath(new URL("../backend/probe.js", import.meta.url));

/** Trains on the TensorFlow in a folder, in a process of its own. Throws InstallError where it does not load, crashes or computes wrongly. */
export async function proveInstallation(folder: string, signal: AbortSignal): Promise<BackendFigures> {
  const result = await probeWith(program, [folder])("tensorflow", signal);
  if (result.type === "works") return result.figures;
  throw new InstallError(["TensorFlow has been fetched and built, but does not train here:", result.reason]);
}
