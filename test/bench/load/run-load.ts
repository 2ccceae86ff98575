import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LoadPlan, LoadReport } from "./load-plan.ts";

const main = fileURLToPath(new URL("load-main.js", import.meta.url));

/** Runs a load in a process of its own. Rejects where a worker's stream breaks, and with the signal's reason once it is aborted. */
export async function runLoad(plan: LoadPlan, signal?: AbortSignal): Promise<LoadReport> {
  const child = fork(main, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const kill = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", kill, { once: true });
  child.send(plan);
  const [first] = (await Promise.race([once(child, "message"), once(child, "exit")])) as unknown[];
  signal?.removeEventListener("abort", kill);
  signal?.throwIfAborted();
  if (typeof first !== "object" || first === null) throw new Error("the load generator has failed");
  return first as LoadReport;
}
