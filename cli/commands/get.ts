import type { Command } from "commander";
import { exitWith, withClient, type CoordinatorOptions } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { coordinatorOption, jsonOption, parseJobName } from "../options.ts";
import { printJson, printResult } from "../output.ts";
import { outcomeTable } from "../run/outcome-table.ts";
import { progressLine } from "../run/progress-lines.ts";

/** `fpnas get JOB`: the job as it stands; with --json all of it, the result under `result`. */
export function addGet(program: Command): void {
  program
    .command("get")
    .description("show a job")
    .argument("<job>", "id or full name of the job", parseJobName)
    .addOption(coordinatorOption())
    .addOption(jsonOption())
    .action(
      exitWith(async (name: string, options: CoordinatorOptions) => {
        const job = await withClient(options.coordinator, (client) => client.getJob(name));
        if (options.json === true) {
          printJson(job);
          return exitCodes.done;
        }
        printResult(`${job.name}  ${job.state}`);
        const nowMs = job.endTimeMs ?? Date.now();
        printResult(progressLine({ job, rounds: [], sinceMs: nowMs, endedBefore: job.progress.trialsEnded, nowMs }));
        if (job.error !== null) printResult(job.error);
        if (job.result !== null) printResult(outcomeTable(job.result));
        return exitCodes.done;
      }),
    );
}
