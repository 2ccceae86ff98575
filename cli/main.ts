#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { loadCommands } from "./load-commands.ts";
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
// Only the command that the first word names is loaded: all of them take three times as long.
for (const add of await loadCommands(process.argv[2])) add(program);
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
