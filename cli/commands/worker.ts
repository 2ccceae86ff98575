import { hostname } from "node:os";
import { randomUUID } from "node:crypto";
import { Option, type Command } from "commander";
import { pino, type Logger } from "pino";
import type { Evaluator } from "../../worker/evaluator/evaluator.ts";
import { createEvaluators } from "../../worker/evaluator/registry.ts";
import { startWorker } from "../../worker/serve.ts";
import { exitWith } from "../command.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { coordinatorOption, parseProcesses } from "../options.ts";
import { printErrors } from "../output.ts";
import { aborted, listenForStop, stopSignals } from "../signals.ts";
import { poolVariable, WorkerPool } from "../worker-pool.ts";

interface Options {
  readonly coordinator: string;
  readonly concurrency: number;
}

/** `fpnas worker`: evaluates trials until SIGINT or SIGTERM; then gives back the one under way and ends. Logs are JSON on stderr. */
export function addWorker(program: Command): void {
  program
    .command("worker")
    .description("evaluate trials for a coordinator, which need not be there yet")
    .addOption(coordinatorOption())
    .addOption(
      new Option("--concurrency <n>", "worker processes, each with one trial at a time")
        .default(1)
        .argParser(parseProcesses),
    )
    .action(
      exitWith(({ coordinator, concurrency }: Options) =>
        concurrency === 1 ? workHere(coordinator) : workInProcesses(coordinator, concurrency),
      ),
    );
}

async function workHere(coordinator: string): Promise<ExitCode> {
  const isPooled = process.env[poolVariable] !== undefined;
  if (isPooled) tieToPool();
  const logger = pino(pino.destination(2));
  const worker = startWorker({
    coordinator,
    workerId: `${hostname()
      .replace(/[^\w.-]/g, "-")
      .slice(0, 80)}-${randomUUID()}`,
    host: hostname(),
    // Which one it is shows at the first training, long after the worker is known to the coordinator.
    backend: "",
    evaluators: createEvaluators({ loadTrain: () => loadTrain(logger) }),
    logger,
  });
  const stop = listenForStop(isPooled ? ["SIGTERM"] : stopSignals, () => undefined);
  void aborted(stop.signal).then(() => worker.stop());
  await worker.done;
  stop.dispose();
  return stop.exitCode() ?? exitCodes.done;
}

/** The numeric library is large, and a worker that only looks tables up does without. */
async function loadTrain(logger: Logger): Promise<Evaluator> {
  const [{ selectBackend }, { createTrainEvaluator }, { loadDataset }] = await Promise.all([
    import("../../worker/backend/select-backend.ts"),
    import("../../worker/evaluator/train.ts"),
    import("../../worker/data/load-dataset.ts"),
  ]);
  const backend = await selectBackend("auto", (message) => logger.info(message));
  logger.info({ backend: backend.name }, "ready to train");
  return createTrainEvaluator({ backend, loadDataset });
}

async function workInProcesses(coordinator: string, count: number): Promise<ExitCode> {
  const pool = new WorkerPool({ coordinator, count, logFile: null });
  const stop = listenForStop(stopSignals, () => pool.kill());
  const failure = await Promise.race([pool.failed, aborted(stop.signal)]);
  await pool.drain();
  stop.dispose();
  if (failure === null) return stop.exitCode() ?? exitCodes.done;
  printErrors([failure.message]);
  return exitCodes.failed;
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
