import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Option, type Command } from "commander";
import type { BackendPreference } from "../../worker/backend/select-backend.ts";
import { exitWith } from "../command.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { loadSpec, SpecFileError, type LoadedSpec } from "../load-spec.ts";
import { backendOption, jsonOption, parseProcesses, parseSeed } from "../options.ts";
import { printJson, printNote, printResult } from "../output.ts";
import { printOutcome } from "../run/outcome-table.ts";
import { planRun, planText } from "../run/plan-text.ts";
import { claimFolder, identify, readResult, runPaths } from "../run/run-folder.ts";
import { runJob } from "../run/run-job.ts";

interface Options {
  readonly dryRun?: true;
  readonly seed?: number;
  readonly workers: number;
  readonly backend: BackendPreference;
  readonly out?: string;
  readonly json?: true;
}

/** More workers than this are asked for by name: each holds a model in memory. */
const mostDefaultWorkers = 4;

/** `fpnas run SPEC`: a whole search on this machine, which goes on where it was when it is started again. */
export function addRun(program: Command): void {
  program
    .command("run")
    .description("run a search on this machine; started again with the same --out, it goes on")
    .argument("<spec>", "job spec, YAML or JSON")
    .option("--dry-run", "only tell the plan: space, entropy, stages, expected trials and time")
    .addOption(new Option("--seed <n>", "stands in for the spec's seed").argParser(parseSeed))
    .addOption(
      new Option("--workers <n>", "worker processes")
        .default(Math.min(availableParallelism(), mostDefaultWorkers))
        .argParser(parseProcesses),
    )
    .addOption(backendOption())
    .addOption(new Option("--out <dir>", "folder of the run (default: runs/NAME, the name of the spec)"))
    .addOption(jsonOption())
    .action(exitWith(run));
}

async function run(path: string, options: Options): Promise<ExitCode> {
  const loaded = await loadSpec(path, options.seed ?? null);
  refuseReuse(loaded);
  if (options.dryRun === true) {
    const plan = planRun(loaded, options.workers);
    if (options.json === true) printJson(plan);
    else printResult(planText(plan));
    return exitCodes.done;
  }
  const identity = identify(loaded);
  const paths = runPaths(options.out ?? join("runs", loaded.spec.name));
  await claimFolder(paths.folder, identity);
  const finished = await readResult(paths);
  if (finished === null) {
    const { workers, backend, json } = options;
    return runJob({ loaded, identity, paths, workers, backend, json: json === true });
  }
  printNote(`finished before; remove ${paths.folder} to search anew`);
  printOutcome(finished, paths, options.json === true);
  return exitCodes.done;
}

/** A run's store is its own and holds no other job: told before the folder is made, which would be bound to this spec. */
function refuseReuse({ spec, path }: LoadedSpec): void {
  const advice = "fpnas run keeps a store of its own for each run; submit both jobs to one coordinator (fpnas submit).";
  const mistakes = spec.reuse.map((id, index) => ({
    path: `reuse[${String(index)}]`,
    message: `there is no job ${id} in this run: ${advice}`,
  }));
  if (mistakes.length > 0) throw new SpecFileError(path, mistakes);
}
