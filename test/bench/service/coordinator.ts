import { fileURLToPath } from "node:url";
import { startService, type ChildService } from "./child-service.ts";

const main = fileURLToPath(new URL("../../../cli/main.js", import.meta.url));

/**
 * `fpnas coordinator` on a free port of this host.
 * @param nodeArgs For Node itself, such as `--cpu-prof`.
 */
export function startCoordinator(
  store: string,
  logFile: string,
  nodeArgs: readonly string[] = [],
): Promise<ChildService> {
  return startService(
    process.execPath,
    [...nodeArgs, main, "coordinator", "--listen", "127.0.0.1:0", "--store", store],
    logFile,
  );
}
