import type { Command } from "commander";
import { exitWith } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadSpec, SpecFileError } from "../load-spec.ts";
import { jsonOption } from "../options.ts";
import { printJson, printResult } from "../output.ts";

/** `fpnas validate SPEC`: every mistake in the spec and the files it names, or "ok". */
export function addValidate(program: Command): void {
  program
    .command("validate")
    .description("check a job spec and the files it names")
    .argument("<spec>", "job spec, YAML or JSON")
    .addOption(jsonOption())
    .action(
      exitWith(async (path: string, options: { readonly json?: true }) => {
        try {
          const { spec } = await loadSpec(path, null);
          if (options.json === true) printJson({ ok: true, spec });
          else printResult("ok");
          return exitCodes.done;
        } catch (error) {
          if (options.json === true && error instanceof SpecFileError)
            printJson({ ok: false, mistakes: error.mistakes });
          throw error;
        }
      }),
    );
}
