import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadReport, LoadShape } from "../load/load-plan.ts";
import { runLoad } from "../load/run-load.ts";
import { startService } from "../service/child-service.ts";

const main = fileURLToPath(new URL("../service/echo-main.js", import.meta.url));

/** The same load against the bare echo. */
export async function runEcho(folder: string, load: LoadShape): Promise<LoadReport> {
  const own = await mkdtemp(join(folder, "fpnas-bench-"));
  const echo = await startService(process.execPath, [main], join(own, "echo.log"));
  try {
    return await runLoad({ ...load, address: echo.address, serverPid: echo.pid });
  } finally {
    await echo.end("SIGKILL");
    await rm(own, { recursive: true, force: true });
  }
}
