import type { Command } from "commander";
import type { FpnasClient } from "../../client/client.ts";
import type { Job } from "../../client/types.ts";
import { exitWith, withClient, type CoordinatorOptions } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { coordinatorOption, jsonOption, parseJobName } from "../options.ts";
import { printJson, printResult } from "../output.ts";

/** One word to a coordinator that changes a job's state. */
interface Control {
  readonly name: string;
  readonly description: string;
  readonly call: (client: FpnasClient, job: string) => Promise<Job>;
}

/** `fpnas cancel`, `fpnas pause`, `fpnas resume`: each prints the job's new state. */
const controls: readonly Control[] = [
  {
    name: "cancel",
    description: "end a job now; trials under way are revoked",
    call: (client, job) => client.cancelJob(job),
  },
  {
    name: "pause",
    description: "give out no more trials of a job; those under way go on",
    call: (client, job) => client.pauseJob(job),
  },
  { name: "resume", description: "go on with a paused job", call: (client, job) => client.resumeJob(job) },
];

export function addControls(program: Command): void {
  for (const { name, description, call } of controls) {
    program
      .command(name)
      .description(description)
      .argument("<job>", "id or full name of the job", parseJobName)
      .addOption(coordinatorOption())
      .addOption(jsonOption())
      .action(
        exitWith(async (jobName: string, options: CoordinatorOptions) => {
          const job = await withClient(options.coordinator, (client) => call(client, jobName));
          if (options.json === true) printJson(job);
          else printResult(`${job.name}  ${job.state}`);
          return exitCodes.done;
        }),
      );
  }
}
