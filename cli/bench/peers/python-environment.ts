import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../../worker/data/cache.ts";
import { CliError, systemCode } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { lastLine } from "./optuna.ts";

/** A Python environment: what it is called, and the packages that pip is to put into it, with their versions. */
export interface PythonEnvironment {
  readonly name: string;
  readonly packages: readonly string[];
}

/** The version that figures are told of. */
const optuna: PythonEnvironment = { name: "optuna-5.0.0", packages: ["optuna==5.0.0"] };

const run = promisify(execFile);

/** An interpreter that has Optuna, as `pythonWith`. */
export async function pythonWithOptuna(note: (text: string) => void, signal: AbortSignal): Promise<string> {
  try {
    return await pythonWith(optuna, note, signal);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(
      error.exitCode,
      error.lines.map((line) => `--peers: ${line}`),
    );
  }
}

/**
 * An interpreter that has the packages: in an environment of its own under the user's cache folder, which is made when it is first asked
 * for and can be thrown away at any time. Throws CliError where there is no Python, or a package cannot be installed.
 */
export async function pythonWith(
  { name, packages }: PythonEnvironment,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (!existsSync(folder)) {
    note(`installing ${packages.join(", ")} into ${folder}`);
    await install(folder, packages, signal);
  }
  return interpreter(folder);
}

/** Builds the environment under another name and renames it: what lies under its own name is whole. */
async function install(folder: string, packages: readonly string[], signal: AbortSignal): Promise<void> {
  const fresh = `${folder}.${randomUUID()}.tmp`;
  try {
    await mkdir(cacheFolder(), { recursive: true });
    await step(
      "There is no Python that makes environments (python3 -m venv)",
      "python3",
      ["-m", "venv", fresh],
      signal,
    );
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages];
    await step(`${packages.join(", ")} cannot be installed`, interpreter(fresh), install, signal);
    await rename(fresh, folder).catch((error: unknown) => {
      // Somebody else was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function step(problem: string, program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await run(program, args, { signal });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? lastLine(String(error.stderr)) : "";
    const why = said === "" ? systemCode(error) : said;
    throw new CliError(exitCodes.failed, [`${problem}${why === "" ? "" : `: ${why}`}.`]);
  }
}

function interpreter(folder: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}
