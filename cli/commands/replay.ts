import type { Command } from "commander";
import { exitWith, withClient, type CoordinatorOptions } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { coordinatorOption, jsonOption, parseJobName } from "../options.ts";
import { printErrors, printJson, printResult } from "../output.ts";
import { differenceText } from "../replay/difference.ts";
import { replayJob, type ReplayReport } from "../replay/replay-log.ts";

/** `fpnas replay JOB`: whether the job's state is what follows from its log. */
export function addReplay(program: Command): void {
  program
    .command("replay")
    .description("rebuild a job's state from its events and compare it with the stored one")
    .argument("<job>", "id or full name of the job", parseJobName)
    .addOption(coordinatorOption())
    .addOption(jsonOption())
    .action(
      exitWith(async (name: string, options: CoordinatorOptions) => {
        const report = await withClient(options.coordinator, (client) => replayJob(client, name));
        printErrors(report.differences.map(differenceText));
        if (options.json === true) printJson(report);
        else printResult(reportText(report));
        return report.identical ? exitCodes.done : exitCodes.failed;
      }),
    );
}

function reportText({ job, state, events, rounds, trials, entropy, identical, snapshotEvent }: ReplayReport): string {
  const verdict = identical
    ? snapshotEvent === null
      ? "no snapshot to compare with yet"
      : `identical to the stored state, which is that after event ${snapshotEvent}`
    : "not what is stored";
  return [
    `${job}  ${state}`,
    `${events} events, ${rounds} rounds, ${trials} trials, entropy ${entropy.toFixed(3)} nats`,
    verdict,
  ].join("\n");
}
