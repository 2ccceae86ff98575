import { spawn } from "node:child_process";
import { InstallError } from "./install-error.ts";

/** How a tool is run. */
export interface ToolRun {
  readonly program: string;
  readonly args: readonly string[];
  /** The folder it runs in. */
  readonly cwd: string;
  /** Where what it says goes: kept, for the end of it to be told where it fails, or on to our stderr, for progress. */
  readonly output: "kept" | "shown";
}

/** Lines of a failed tool that are told. */
const toldLines = 8;

/** What is kept is read, or told again: without the colours that FORCE_COLOR would have pip write into it, JSON included. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1" };
}

/**
 * Runs a tool to its end and returns what it printed to stdout (nothing, where its output is shown).
 * @throws InstallError where it fails, with the end of what it said; the signal's reason once that is aborted and the tool has ended.
 */
export async function runTool({ program, args, cwd, output }: ToolRun, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    cwd,
    env: output === "kept" ? plainEnvironment() : process.env,
    stdio: ["ignore", output === "kept" ? "pipe" : 2, output === "kept" ? "pipe" : 2],
  });
  let stdout = "";
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    said += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  const end = await new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, killer) => resolve(code === 0 ? null : (killer ?? `exit code ${String(code)}`)));
  });
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (end === null) return stdout;
  const lines = said.trimEnd().split("\n").slice(-toldLines);
  throw new InstallError([
    `${[program, ...args].join(" ").slice(0, 200)} failed (${end})`,
    ...lines.filter((line) => line !== ""),
  ]);
}
