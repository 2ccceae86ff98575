import { FpnasClient } from "../client/client.ts";
import type { Job, JobState } from "../client/types.ts";
import { toCliError } from "./errors.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { printErrors } from "./output.ts";

/** Wraps a command's action so that the code it returns becomes the process's. */
export function exitWith<Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<ExitCode>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    process.exitCode = await action(...args);
  };
}

/** As `exitWith`, but the process ends with the action: nothing that it left running holds that up. */
export function exitAtOnceWith<Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<ExitCode>,
): (...args: Args) => Promise<never> {
  return async (...args) => {
    try {
      process.exit(await action(...args));
    } catch (error) {
      const { lines, exitCode } = toCliError(error);
      printErrors(lines);
      process.exit(exitCode);
    }
  };
}

/** Calls a coordinator, and closes the connection whatever comes of it. */
export async function withClient<T>(address: string, call: (client: FpnasClient) => Promise<T>): Promise<T> {
  const client = new FpnasClient(address);
  try {
    return await call(client);
  } finally {
    client.close();
  }
}

/** Everything that a listing yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Code that tells how a job ended. A job under way counts as done: it is not the command's affair. */
export function exitCodeOf(state: JobState): ExitCode {
  switch (state) {
    case "failed":
      return exitCodes.failed;
    case "cancelled":
      return exitCodes.cancelled;
    case "running":
    case "paused":
    case "succeeded":
      return exitCodes.done;
  }
}

/** The last part of a job's name. */
export function jobId({ name }: Pick<Job, "name">): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Options that every command which speaks to a coordinator has. */
export interface CoordinatorOptions {
  readonly coordinator: string;
  readonly json?: true;
}
