import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { lastLine } from "../../../cli/bench/peers/optuna.ts";

/** A server of the benchmark in a process of its own. */
export interface ChildService {
  readonly pid: number;
  /** HOST:PORT. */
  readonly address: string;
  /** Sends the signal and waits until the process is gone. Idempotent. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a program that prints `listening on HOST:PORT`, and waits for that. Its stderr goes to `logFile`.
 * Rejects where it ends before.
 */
export async function startService(program: string, args: readonly string[], logFile: string): Promise<ChildService> {
  const log = openSync(logFile, "a");
  const child = spawn(program, args, { stdio: ["ignore", "pipe", log] });
  // A benchmark that is broken off leaves nothing behind.
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const gone = once(child, "exit").finally(() => process.off("exit", kill));
  const address = await Promise.race([
    addressOf(child),
    gone.then(() => {
      throw new Error(`${program} ${args.join(" ")} has ended: ${lastLine(readFileSync(logFile, "utf8"))}`);
    }),
  ]);
  const { pid } = child;
  if (pid === undefined) throw new Error("a process that serves has an id");
  return {
    pid,
    address,
    async end(signal) {
      child.kill(signal);
      await gone;
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the process has no stdout");
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^listening on (\S+)$/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error("the process told no address");
}
