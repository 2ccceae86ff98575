import { arch, platform } from "node:os";
import { Option, type Command } from "commander";
import { InstallError } from "../../worker/tensorflow/install-error.ts";
import { installTensorflow, type Installed } from "../../worker/tensorflow/install.ts";
import { installedPackages } from "../../worker/tensorflow/npm-packages.ts";
import { proveInstallation } from "../../worker/tensorflow/prove.ts";
import { defaultTools } from "../../worker/tensorflow/tools.ts";
import { defaultVersion, wheelFor } from "../../worker/tensorflow/wheels.ts";
import { exitWith } from "../command.ts";
import { CliError } from "../errors.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { jsonOption, parseTensorflowVersion } from "../options.ts";
import { printJson, printNote, printResult } from "../output.ts";
import { listenForStop, stopSignals } from "../signals.ts";

interface Options {
  readonly gpu?: true;
  readonly version: string;
  readonly json?: true;
}

/** `fpnas worker install-tensorflow`: gives this machine's workers native TensorFlow; told again, it says that it is there. */
export function addInstallTensorflow(worker: Command): void {
  worker
    .command("install-tensorflow")
    .description("give this machine's workers native TensorFlow, from the wheel of Python's package index")
    .option("--gpu", "with CUDA, for NVIDIA GPUs; 5.4 GB instead of 0.9 GB on disk")
    .addOption(
      new Option("--version <x.y>", "version of TensorFlow").default(defaultVersion).argParser(parseTensorflowVersion),
    )
    .addOption(jsonOption())
    .action(exitWith(install));
}

async function install({ gpu, version, json }: Options): Promise<ExitCode> {
  const stop = listenForStop(stopSignals, () => undefined);
  try {
    const installed = await installTensorflow(
      {
        wheel: wheelFor(version, gpu === true ? "gpu" : "cpu", platform(), arch()),
        packages: installedPackages,
        ...{ tools: defaultTools(), prove: proveInstallation, note: printNote },
      },
      stop.signal,
    );
    tell(installed, json === true);
    return exitCodes.done;
  } catch (error) {
    const code = stop.exitCode();
    if (code !== null) {
      printNote("stopped; the next call goes on from what has been fetched");
      return code;
    }
    throw error instanceof InstallError ? new CliError(exitCodes.failed, error.lines) : error;
  } finally {
    stop.dispose();
  }
}

function tell({ installation, figures }: Installed, json: boolean): void {
  const { folder, version, variant } = installation;
  if (json) {
    printJson({ version, variant, folder, isNew: figures !== null });
    return;
  }
  const kind = variant === "gpu" ? "for GPUs" : "for the CPU";
  printResult(
    figures === null
      ? `TensorFlow ${version} ${kind} is there already, in ${folder}`
      : `TensorFlow ${version} ${kind} is installed in ${folder}, and has trained on ${figures.device}`,
  );
  printResult("`fpnas doctor` compares it with the other backends; workers take the fastest.");
}
