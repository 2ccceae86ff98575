import { readFile, stat } from "node:fs/promises";
import { badInput, systemCode } from "./errors.ts";

/** Reads a file that a flag or argument names. Throws CliError (bad input) where it cannot be read or is too long, which is found before reading. */
export async function readInputFile(path: string, maxBytes: number): Promise<Uint8Array> {
  let size: number;
  try {
    ({ size } = await stat(path));
    if (size <= maxBytes) return await readFile(path);
  } catch (error) {
    throw badInput(`${path} cannot be read: ${describeSystemError(error)}.`);
  }
  throw badInput(`${path} ${tooLong(maxBytes, size)}`);
}

/** Says that a file is too long. */
export function tooLong(maxBytes: number, size: number): string {
  return `must be at most ${String(maxBytes / 2 ** 20)} MiB long, not ${(size / 2 ** 20).toFixed(1)} MiB.`;
}

/** What a file operation failed of, for people. */
export function describeSystemError(error: unknown): string {
  switch (systemCode(error)) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
    case "EPERM":
      return "permission is denied";
    case "ENOTDIR":
    case "EEXIST":
      return "a part of its path is no folder";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
