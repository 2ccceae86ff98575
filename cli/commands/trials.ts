import type { Command } from "commander";
import type { Trial } from "../../client/types.ts";
import { collect, exitWith, withClient, type CoordinatorOptions } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatCount, formatShare, formatTable, shortTrialName } from "../format.ts";
import { coordinatorOption, jsonOption, parseJobName } from "../options.ts";
import { printJson, printResult } from "../output.ts";

/** `fpnas trials JOB`: every trial in order of its number. */
export function addTrials(program: Command): void {
  program
    .command("trials")
    .description("list the trials of a job")
    .argument("<job>", "id or full name of the job", parseJobName)
    .addOption(coordinatorOption())
    .addOption(jsonOption())
    .action(
      exitWith(async (name: string, options: CoordinatorOptions) => {
        const trials = await withClient(options.coordinator, (client) => collect(client.listTrials(name)));
        if (options.json === true) printJson({ trials });
        else
          printResult(
            formatTable([
              ["trial", "round", "state", "attempts", "accuracy", "MACs", "params", "arms", "detail"],
              ...trials.map(row),
            ]),
          );
        return exitCodes.done;
      }),
    );
}

function stateText({ state, failure, reusedFrom }: Trial): string {
  if (failure !== null) return `${state} (${failure.reason})`;
  return reusedFrom === null ? state : `${state} (reused from ${shortTrialName(reusedFrom)})`;
}

/** Leases given, and how those ended that brought nothing: 4 (1 preempted, 2 lost). */
function attemptsText({ attempts, endedAttempts }: Trial): string {
  const { preempted, lost, failed, infeasible, timedOut } = endedAttempts;
  const classes = { preempted, lost, failed, infeasible, "timed out": timedOut };
  const parts = Object.entries(classes).flatMap(([name, count]) => (count > 0 ? [`${String(count)} ${name}`] : []));
  return parts.length === 0 ? String(attempts) : `${String(attempts)} (${parts.join(", ")})`;
}

function row(trial: Trial): readonly string[] {
  return [
    trial.name.slice(trial.name.lastIndexOf("/") + 1),
    trial.round === null ? trial.role.replace("_", " ") : String(trial.round),
    stateText(trial),
    attemptsText(trial),
    formatShare(trial.measurement?.accuracy),
    formatCount(trial.macs),
    formatCount(trial.params),
    trial.arms.join(","),
    trial.failure?.detail ?? "",
  ];
}
