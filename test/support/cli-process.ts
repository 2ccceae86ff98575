import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** How a command ended. */
export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A built command at work, in a process group of its own. */
export class CliProcess {
  readonly ended: Promise<CliEnd>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";

  constructor(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [main, ...args], {
      cwd,
      env: { ...process.env, FPNAS_COORDINATOR: undefined, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.ended = once(this.#child, "close").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** Waits until all that was printed matches, and returns the match. Rejects where the command ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(`${this.#stdout}\n${this.#stderr}`);
      if (match !== null) return match;
      const { exitCode, signalCode, stdout, stderr } = this.#child;
      if (exitCode !== null || signalCode !== null) {
        throw new Error(`ended without printing ${String(pattern)}: ${this.#stdout}\n${this.#stderr}`);
      }
      await Promise.race([
        ...[stdout, stderr].flatMap((stream) => (stream === null ? [] : [once(stream, "data")])),
        once(this.#child, "exit"),
      ]);
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** To the command alone. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Stops reading stderr, as a pager does that was quit. */
  closeErrors(): void {
    this.#child.stderr?.destroy();
  }

  /** Waits until no process of the group is left. */
  async groupGone(): Promise<true> {
    const { pid } = this.#child;
    while (pid !== undefined && isGroupAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    return true;
  }

  /** To the command and every process that it started. */
  killGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    signalGroup(pid, signal);
  }
}

/** Whether a process of the group runs. Those that have ended but that nobody waited for (zombies) do not. */
function isGroupAlive(group: number): boolean {
  if (!existsSync("/proc/self/stat")) return signalGroup(group, 0);
  return readdirSync("/proc").some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [state, , pgrp] = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return Number(pgrp) === group && state !== "Z";
    } catch {
      return false; // It has ended since.
    }
  });
}

/** Whether there was a process to get the signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    // No instanceof: the error comes from outside of the test's own realm.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Runs a built command to its end. */
export function runCli(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CliEnd> {
  return new CliProcess(args, cwd, env).ended;
}

/** The object that `--json` prints as the last line of stdout. */
export function lastJson({ stdout }: CliEnd): Record<string, unknown> {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Record<string, unknown>;
}
