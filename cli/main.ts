#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addBench } from "./commands/bench.ts";
import { addControls } from "./commands/control.ts";
import { addCoordinator } from "./commands/coordinator.ts";
import { addCost } from "./commands/cost.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExport } from "./commands/export.ts";
import { addGet } from "./commands/get.ts";
import { addList } from "./commands/list.ts";
import { addPredict } from "./commands/predict.ts";
import { addReplay } from "./commands/replay.ts";
import { addRun } from "./commands/run.ts";
import { addSpaces } from "./commands/spaces.ts";
import { addSubmit } from "./commands/submit.ts";
import { addTrials } from "./commands/trials.ts";
import { addValidate } from "./commands/validate.ts";
import { addWatch } from "./commands/watch.ts";
import { addWorker } from "./commands/worker.ts";
import { toCliError } from "./errors.ts";
import { exitCodes } from "./exit-codes.ts";
import { printErrors } from "./output.ts";
import { packageVersion } from "./package-file.ts";

const program = new Command("fpnas")
  .description("Distributed neural architecture search")
  .version(packageVersion(), "--version", "print the version")
  // A flag of the program stands before the command: `worker install-tensorflow` has a --version of its own.
  .enablePositionalOptions()
  .showSuggestionAfterError()
  .exitOverride();
for (const add of [
  ...[addRun, addValidate, addSpaces, addCost],
  ...[addCoordinator, addWorker, addDoctor],
  ...[addSubmit, addGet, addList, addWatch, addControls, addTrials, addExport, addReplay],
  addPredict,
  addBench,
]) {
  add(program);
}
// Whoever reads our output may have seen enough, as `head` has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.done);
  printErrors([`the output cannot be written: ${error.message}`]);
  process.exit(exitCodes.failed);
});
// A run goes on where nobody looks at its progress any more.
process.stderr.on("error", () => undefined);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it all; help and version count as no error.
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  } else {
    const { lines, exitCode } = toCliError(error);
    printErrors(lines);
    process.exitCode = exitCode;
  }
}
