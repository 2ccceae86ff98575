import type { Command } from "commander";
import { exitWith, withClient, type CoordinatorOptions } from "../command.ts";
import { algorithmText } from "../format.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadSpec } from "../load-spec.ts";
import { coordinatorOption, jsonOption } from "../options.ts";
import { printJson, printNote, printResult } from "../output.ts";

/** `fpnas submit SPEC`: checks the spec here, sends it with its files, and prints the job's name. */
export function addSubmit(program: Command): void {
  program
    .command("submit")
    .description("submit a job to a coordinator")
    .argument("<spec>", "job spec, YAML or JSON")
    .addOption(coordinatorOption())
    .addOption(jsonOption())
    .action(
      exitWith(async (path: string, options: CoordinatorOptions) => {
        const { value, files } = await loadSpec(path, null);
        const bytes = new Map([...files].map(([name, file]) => [name, file.bytes]));
        const job = await withClient(options.coordinator, (client) => client.createJob({ spec: value, files: bytes }));
        if (options.json === true) printJson(job);
        else {
          printNote(algorithmText(job.spec));
          printResult(job.name);
        }
        return exitCodes.done;
      }),
    );
}
