import { fileURLToPath } from "node:url";
import { startService, type ChildService } from "./child-service.ts";

const main = fileURLToPath(new URL("../../../cli/main.js", import.meta.url));

/** A free port of this host. */
export const anyPort = "127.0.0.1:0";

/** How a coordinator of a benchmark is started. */
export interface CoordinatorArguments {
  /** As `fpnas coordinator --store` takes it. */
  readonly store: string;
  readonly listen: string;
  /** Further flags of `fpnas coordinator`. */
  readonly flags: readonly string[];
  /** For Node itself, such as `--cpu-prof`. */
  readonly nodeArgs: readonly string[];
}

/** `fpnas coordinator` in a process of its own, once it serves. Its log goes to a file. */
export function startCoordinator(
  { store, listen, flags, nodeArgs }: CoordinatorArguments,
  logFile: string,
): Promise<ChildService> {
  const args = [...nodeArgs, main, "coordinator", "--listen", listen, "--store", store, ...flags];
  return startService(process.execPath, args, logFile);
}
