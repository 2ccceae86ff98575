import { FpnasError, type FpnasErrorCode } from "../client/errors.ts";
import { StorageError } from "../coordinator/storage/storage.ts";
import { InputError, type Mistake } from "../network/errors.ts";
import { SpecError } from "../spec/types.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";

/** An error for people: one line a mistake, and the code to exit with. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
  constructor(exitCode: ExitCode, lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "CliError";
    this.exitCode = exitCode;
    this.lines = lines;
  }
}

/** A mistake in what the user gave. */
export function badInput(...lines: readonly string[]): CliError {
  return new CliError(exitCodes.badInput, lines);
}

const clientExitCodes: Readonly<Record<FpnasErrorCode, ExitCode>> = {
  unreachable: exitCodes.unreachable,
  deadline_exceeded: exitCodes.unreachable,
  not_found: exitCodes.badInput,
  invalid: exitCodes.badInput,
  already_exists: exitCodes.badInput,
  failed_precondition: exitCodes.failed,
  resource_exhausted: exitCodes.failed,
  denied: exitCodes.failed,
  cancelled: exitCodes.failed,
  internal: exitCodes.failed,
};

/** Any error as lines for people and an exit code; never a stack. */
export function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof SpecError || error instanceof InputError) return badInput(...specLines(error));
  if (error instanceof FpnasError) {
    const lines = error.mistakes.length > 0 ? specLines(error) : [error.message];
    return new CliError(clientExitCodes[error.code], lines);
  }
  // A store in use, of another program, damaged: not the one that was meant.
  if (error instanceof StorageError && error.code !== "unavailable") return badInput(error.message);
  return new CliError(exitCodes.failed, [error instanceof Error ? error.message : String(error)]);
}

/** "path: message" for each mistake. */
export function specLines({ mistakes }: { readonly mistakes: readonly Mistake[] }): readonly string[] {
  return mistakes.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
}

/** The system's code of a failed file operation, such as ENOENT; empty where it is no such failure. */
export function systemCode(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}
