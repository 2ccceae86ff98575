import { join } from "node:path";
import { Option, type Command } from "commander";
import type { FpnasClient } from "../../client/client.ts";
import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import type { Choice } from "../../coordinator/search/space/space.ts";
import type { JobSpec } from "../../spec/types.ts";
import { exitWith, withClient, type CoordinatorOptions } from "../command.ts";
import { badInput, CliError } from "../errors.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { exportJob } from "../export-job.ts";
import { isFinished } from "../finished-job.ts";
import { modelFolder } from "../model-export/architecture-file.ts";
import { noModelText } from "../model-export/gather-export.ts";
import { writeExport } from "../model-export/write-export.ts";
import { coordinatorOption, jsonOption, parseJobName } from "../options.ts";
import { printJson, printNote, printResult } from "../output.ts";
import { describeSystemError } from "../read-file.ts";
import { makeFolder, writeAtomically } from "../run/run-folder.ts";

interface Options extends CoordinatorOptions {
  readonly out?: string;
}

/** `fpnas export JOB`: the network found, as JSON on stdout; with --out the whole job as files. */
export function addExport(program: Command): void {
  program
    .command("export")
    .description("write out what a finished job found")
    .argument("<job>", "id or full name of the job", parseJobName)
    .addOption(coordinatorOption())
    .addOption(
      new Option(
        "--out <dir>",
        "write network.json, result.json, trials.json, rounds.json, report.html and, with final training, the model there",
      ),
    )
    .addOption(jsonOption())
    .action(
      exitWith((name: string, options: Options) =>
        withClient(options.coordinator, (client) => run(client, name, options)),
      ),
    );
}

async function run(client: FpnasClient, name: string, options: Options): Promise<ExitCode> {
  const job = await client.getJob(name);
  if (!isFinished(job))
    throw new CliError(exitCodes.failed, [`${job.name} is ${job.state}: only a job that succeeded has a network.`]);
  const { network } = job.result;
  if (options.out !== undefined) {
    const { trials, rounds, report, model } = await exportJob(client, job, knownChoices(job.spec));
    const files = {
      "network.json": json(network),
      "result.json": json(job.result),
      "trials.json": json(trials),
      "rounds.json": json(rounds),
      "report.html": report,
    };
    await writeFiles(options.out, files);
    if (model.type === "model") await writeExport(join(options.out, modelFolder), model.files);
    else printNote(noModelText(model));
  }
  if (options.json === true) printJson(network);
  else printResult(options.out === undefined ? JSON.stringify(network, null, 2) : `written to ${options.out}`);
  return exitCodes.done;
}

/** Choices of a shipped space. Those of files are not at hand: the files went to the coordinator. */
function knownChoices({ space }: JobSpec): readonly Choice[] | null {
  return space.type === "shipped" ? (shippedSpaces.get(space.name)?.make().choices ?? null) : null;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    await makeFolder(folder);
    for (const [name, text] of Object.entries(files)) await writeAtomically(join(folder, name), text);
  } catch (error) {
    throw badInput(`${folder} cannot be written: ${describeSystemError(error)}.`);
  }
}
