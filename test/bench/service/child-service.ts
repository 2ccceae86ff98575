import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { createInterface } from "node:readline";

/** A server of the benchmark in a process of its own. */
export interface ChildService {
  readonly pid: number;
  /** HOST:PORT. */
  readonly address: string;
  /** Sends the signal and waits until the process is gone. Idempotent. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a Node program that prints `listening on HOST:PORT`, and waits for that. Its stderr goes to `logFile`.
 * Rejects where it ends before.
 */
export async function startService(args: readonly string[], logFile: string): Promise<ChildService> {
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", log] });
  const gone = once(child, "exit");
  const address = await Promise.race([
    addressOf(child),
    gone.then(() => {
      throw new Error(`${args.join(" ")} has ended; its log is ${logFile}`);
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
