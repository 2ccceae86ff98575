import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { systemTimers } from "../../client/timers.ts";
import { graceMs, guardScript } from "./guard.ts";
import { LineReader, type PrintedLine } from "./lines.ts";
import { watchMemory } from "./watch-memory.ts";

/** A program to run, and what it is given. */
export interface Program {
  /** The program and its arguments, not empty. */
  readonly run: readonly string[];
  /** Its working folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it reads from its standard input. */
  readonly input: string;
  /** What its process group may take; null where there is no limit. */
  readonly memoryLimitBytes: number | null;
  /** Hears each line that it prints, as it comes. */
  readonly onLine: (stream: "stdout" | "stderr", line: PrintedLine) => void;
}

/** How a program ended by itself, or for taking too much memory. */
export interface ProgramEnd {
  /** Its exit code; 128 and the number of the signal that ended it, as shells tell it. */
  readonly code: number;
  /** What its group took when it was killed for that; null where it was not. */
  readonly excessBytes: number | null;
}

/** Longest line that is read, in characters: far above any measurement. */
const maxLineLength = 2 ** 16;
/** How long output may stay open after the group has been killed: a process that left the group may hold it. */
const lingerMs = 500;

/**
 * Runs a program to its end in a process group of its own (guard.ts). Once the signal is aborted, or the group takes more memory than it
 * may, all of the group is told to end and, after the grace, killed; the same happens where this process dies. When this settles, no process
 * of the group is left and nothing more is printed. Rejects with the signal's reason, and with Error where the guard cannot be started.
 */
export async function runProgram(program: Program, signal: AbortSignal): Promise<ProgramEnd> {
  signal.throwIfAborted();
  const child = spawn("/bin/sh", ["-c", guardScript, "sh", String(graceMs / 1000), program.folder, ...program.run], {
    cwd: program.folder,
    env: program.environment,
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const group = child.pid;
  if (group === undefined)
    throw new Error("the program's guard cannot be started", { cause: await exited.catch(String) });
  const closed = Promise.all([
    readLines(child.stdout, (line) => program.onLine("stdout", line)),
    readLines(child.stderr, (line) => program.onLine("stderr", line)),
  ]);
  // A program need not read what it is given.
  child.stdin.on("error", () => undefined);
  child.stdin.end(program.input);
  const pipe = child.stdio[3];
  pipe?.on("error", () => undefined);

  let isEnding = false;
  let cancelKill = (): void => undefined;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    signalGroup(group, "SIGTERM");
    cancelKill = systemTimers.after(graceMs, () => signalGroup(group, "SIGKILL"));
  };
  let excessBytes: number | null = null;
  const stopWatching = watchMemory(group, program.memoryLimitBytes, (bytes) => {
    excessBytes = bytes;
    end();
  });
  signal.addEventListener("abort", end, { once: true });
  const [code, endSignal] = await exited;
  signal.removeEventListener("abort", end);
  stopWatching();
  cancelKill();
  signalGroup(group, "SIGKILL");
  pipe?.destroy();
  const cancelLinger = systemTimers.after(lingerMs, () => {
    child.stdout.destroy();
    child.stderr.destroy();
  });
  await closed;
  cancelLinger();
  signal.throwIfAborted();
  return { code: code ?? 128 + constants.signals[endSignal ?? "SIGKILL"], excessBytes };
}

/** Resolves when no more comes. */
function readLines(stream: Readable, onLine: (line: PrintedLine) => void): Promise<void> {
  const lines = new LineReader(maxLineLength, onLine);
  stream.on("data", (bytes: Buffer) => lines.push(bytes));
  stream.on("error", () => undefined);
  return new Promise((resolve) => {
    stream.once("close", () => {
      lines.end();
      resolve();
    });
  });
}

/** To every process of the group; there may be none left. */
function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Gone, or it runs as somebody else: nothing can be done either way.
  }
}
