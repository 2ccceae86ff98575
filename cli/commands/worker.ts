import { Option, type Command } from "commander";
import { pino, type Logger } from "pino";
import type { BackendPreference } from "../../worker/backend/select-backend.ts";
import { createEvaluators, type TrainingEvaluators } from "../../worker/evaluator/registry.ts";
import { exitAtOnceWith } from "../command.ts";
import { badInput } from "../errors.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { backendOption, coordinatorOption, parseProcesses } from "../options.ts";
import { printErrors } from "../output.ts";
import { runWorker } from "../run-worker.ts";
import { aborted, listenForStop, stopSignals } from "../signals.ts";
import { WorkerPool, type WorkerPoolOptions } from "../worker-pool.ts";
import { addInstallTensorflow } from "./install-tensorflow.ts";

interface Options {
  readonly coordinator?: string;
  readonly concurrency: number;
  readonly backend: BackendPreference;
  readonly allowCommands?: boolean;
}

/**
 * `fpnas worker`: evaluates trials until SIGINT or SIGTERM; then gives back the one under way and ends well. Logs are JSON on stderr.
 */
export function addWorker(program: Command): void {
  const worker = program
    .command("worker")
    .description("evaluate trials for a coordinator, which need not be there yet")
    // The action asks for it: an option that is mandatory here would be so for the command below, too.
    .addOption(coordinatorOption().makeOptionMandatory(false))
    .addOption(
      new Option("--concurrency <n>", "worker processes, each with one trial at a time")
        .default(1)
        .argParser(parseProcesses),
    )
    .addOption(backendOption())
    .option("--allow-commands", "run the programs that jobs bring (evaluator.command) on this machine");
  worker.action(
    exitAtOnceWith(({ coordinator, concurrency, backend, allowCommands = false }: Options) => {
      if (coordinator === undefined) throw badInput("required option '--coordinator <host:port,..>' not specified");
      if (allowCommands && process.platform === "win32") {
        throw badInput("--allow-commands: programs are run on Linux and macOS only.");
      }
      const settings: WorkerSettings = { coordinator, backend, allowCommands };
      return concurrency === 1 ? workHere(settings) : workInProcesses(settings, concurrency);
    }),
  );
  addInstallTensorflow(worker);
}

/** What every worker process is told. */
type WorkerSettings = Pick<WorkerPoolOptions, "coordinator" | "backend" | "allowCommands">;

function workHere({ coordinator, backend, allowCommands }: WorkerSettings): Promise<ExitCode> {
  const logger = pino(pino.destination(2));
  const commandLog = allowCommands ? logger : null;
  const evaluators = createEvaluators({ loadTraining: () => loadTraining(backend, logger), commandLog });
  return runWorker({ coordinator, evaluators, logger });
}

/** The numeric library is large, and a worker that only looks tables up does without. */
async function loadTraining(preference: BackendPreference, logger: Logger): Promise<TrainingEvaluators> {
  const [{ selectBackend }, { createTrainEvaluator }, { createSupernetEvaluator }, { loadDataset }] = await Promise.all(
    [
      import("../../worker/backend/select-backend.ts"),
      import("../../worker/evaluator/train.ts"),
      import("../../worker/evaluator/supernet/supernet.ts"),
      import("../../worker/data/load-dataset.ts"),
    ],
  );
  const backend = await selectBackend(preference, (message) => logger.info(message));
  const { name, version, device } = backend;
  logger.info({ backend: name, version, device }, "ready to train");
  return {
    train: createTrainEvaluator({ backend, loadDataset }),
    supernet: createSupernetEvaluator({ backend, loadDataset }),
  };
}

async function workInProcesses(settings: WorkerSettings, count: number): Promise<ExitCode> {
  const pool = new WorkerPool({ ...settings, count, logFile: null });
  const stop = listenForStop(stopSignals, () => pool.kill());
  const failure = await Promise.race([pool.failed, aborted(stop.signal)]);
  await pool.drain();
  stop.dispose();
  if (failure === null) return exitCodes.done;
  printErrors([failure.message]);
  return exitCodes.failed;
}
