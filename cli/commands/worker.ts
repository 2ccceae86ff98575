import { Option, type Command } from "commander";
import { pino, type Logger } from "pino";
import type { Evaluator } from "../../worker/evaluator/evaluator.ts";
import { createEvaluators } from "../../worker/evaluator/registry.ts";
import { exitAtOnceWith } from "../command.ts";
import { badInput } from "../errors.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { coordinatorOption, parseProcesses } from "../options.ts";
import { printErrors } from "../output.ts";
import { runWorker } from "../run-worker.ts";
import { aborted, listenForStop, stopSignals } from "../signals.ts";
import { WorkerPool } from "../worker-pool.ts";

interface Options {
  readonly coordinator: string;
  readonly concurrency: number;
  readonly allowCommands?: boolean;
}

/**
 * `fpnas worker`: evaluates trials until SIGINT or SIGTERM; then gives back the one under way and ends well. Logs are JSON on stderr.
 */
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
    .option("--allow-commands", "run the programs that jobs bring (evaluator.command) on this machine")
    .action(
      exitAtOnceWith(({ coordinator, concurrency, allowCommands = false }: Options) => {
        if (allowCommands && process.platform === "win32") {
          throw badInput("--allow-commands: programs are run on Linux and macOS only.");
        }
        return concurrency === 1
          ? workHere(coordinator, allowCommands)
          : workInProcesses(coordinator, concurrency, allowCommands);
      }),
    );
}

function workHere(coordinator: string, allowCommands: boolean): Promise<ExitCode> {
  const logger = pino(pino.destination(2));
  const commandLog = allowCommands ? logger : null;
  const evaluators = createEvaluators({ loadTrain: () => loadTrain(logger), commandLog });
  return runWorker({ coordinator, evaluators, logger });
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

async function workInProcesses(coordinator: string, count: number, allowCommands: boolean): Promise<ExitCode> {
  const pool = new WorkerPool({ coordinator, count, allowCommands, logFile: null });
  const stop = listenForStop(stopSignals, () => pool.kill());
  const failure = await Promise.race([pool.failed, aborted(stop.signal)]);
  await pool.drain();
  stop.dispose();
  if (failure === null) return exitCodes.done;
  printErrors([failure.message]);
  return exitCodes.failed;
}
