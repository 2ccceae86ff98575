import type { Command } from "commander";
import type { Job } from "../../client/types.ts";
import { collect, exitWith, jobId, withClient, type CoordinatorOptions } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatShare, formatTable } from "../format.ts";
import { coordinatorOption, jsonOption } from "../options.ts";
import { printJson, printResult } from "../output.ts";

/** `fpnas list`: the jobs of the default project, newest first. */
export function addList(program: Command): void {
  program
    .command("list")
    .description("list the jobs, newest first")
    .addOption(coordinatorOption())
    .addOption(jsonOption())
    .action(
      exitWith(async (options: CoordinatorOptions) => {
        const jobs = await withClient(options.coordinator, (client) => collect(client.listJobs()));
        if (options.json === true) printJson({ jobs });
        else printResult(formatTable([["job", "state", "trials", "best", "created"], ...jobs.map(row)]));
        return exitCodes.done;
      }),
    );
}

function row(job: Job): readonly string[] {
  const { trialsEnded, best } = job.progress;
  const created = new Date(job.createTimeMs).toISOString();
  return [jobId(job), job.state, String(trialsEnded), formatShare(best?.accuracy), created];
}
