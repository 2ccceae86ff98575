import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { Evaluator } from "../worker/evaluator/evaluator.ts";
import { startWorker } from "../worker/serve.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { aborted, listenForStop, stopSignals } from "./signals.ts";
import { poolVariable } from "./worker-pool.ts";

/** What a worker process is run with. */
export interface WorkerProcess {
  /** HOST:PORT of its coordinator. */
  readonly coordinator: string;
  readonly evaluators: readonly Evaluator[];
  readonly logger: Logger;
}

/**
 * Works until SIGINT or SIGTERM, gives back what is under way and resolves a few seconds later at most; a second signal ends the
 * process at once. Rejects where the worker cannot go on. An evaluator that does not end may be left behind, so the process is to exit
 * either way.
 */
export async function runWorker({ coordinator, evaluators, logger }: WorkerProcess): Promise<ExitCode> {
  const isPooled = process.env[poolVariable] !== undefined;
  if (isPooled) tieToPool();
  const host = hostname();
  const worker = startWorker({
    coordinator,
    workerId: `${host.replace(/[^\w.-]/g, "-").slice(0, 80)}-${randomUUID()}`,
    host,
    // Which one it is shows at the first training, long after the worker is known to the coordinator.
    backend: "",
    evaluators,
    logger,
  });
  const stop = listenForStop(isPooled ? ["SIGTERM"] : stopSignals, () => undefined);
  void aborted(stop.signal).then(() => worker.stop());
  try {
    await worker.done;
  } finally {
    stop.dispose();
  }
  return exitCodes.done;
}

/**
 * A worker of a pool ends with the pool's process, however that dies. Its stop comes by SIGTERM from there: the SIGINT that a terminal
 * sends to every process of the foreground is the pool's to answer.
 */
function tieToPool(): void {
  if (!process.connected) process.exit(exitCodes.failed);
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => process.exit(exitCodes.failed));
  process.channel?.unref();
}
