import type { Command } from "commander";
import { exitCodeOf, exitWith, withClient, type CoordinatorOptions } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { coordinatorOption, jsonOption, parseJobName } from "../options.ts";
import { printErrors, printJson, printResult } from "../output.ts";
import { followJob } from "../run/follow-job.ts";
import { outcomeTable } from "../run/outcome-table.ts";
import { listenForStop, stopSignals } from "../signals.ts";

/** `fpnas watch JOB`: progress on stderr until the job ends; the exit code says how. Stopping to watch leaves the job alone. */
export function addWatch(program: Command): void {
  program
    .command("watch")
    .description("follow a job until it ends")
    .argument("<job>", "id or full name of the job", parseJobName)
    .addOption(coordinatorOption())
    .addOption(jsonOption())
    .action(
      exitWith(async (name: string, options: CoordinatorOptions) => {
        const stop = listenForStop(stopSignals, () => undefined);
        const job = await withClient(options.coordinator, (client) => followJob(client, name, stop.signal));
        stop.dispose();
        if (job === null) return stop.exitCode() ?? exitCodes.failed;
        if (job.error !== null) printErrors([job.error]);
        if (options.json === true) printJson(job);
        else printResult(job.result === null ? `${job.name}  ${job.state}` : outcomeTable(job.result));
        return exitCodeOf(job.state);
      }),
    );
}
