import { open } from "node:fs/promises";
import { badInput, systemCode } from "./errors.ts";

/** A file that cannot be used. The message follows the file's name. */
export class FileError extends Error {}

/** Reads a file that a flag or argument names. Throws CliError (bad input) where it cannot be read or is too long. */
export async function readInputFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    return await readAtMost(path, maxBytes);
  } catch (error) {
    if (error instanceof FileError) throw badInput(`${path} ${error.message}`);
    throw error;
  }
}

/** Reads a whole file, or no more than `maxBytes` of what has no end. Throws FileError where it cannot be read or is too long. */
export async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await open(path);
    const { size } = await file.stat();
    if (size > maxBytes) {
      await file.close();
      throw new FileError(`${tooLong(maxBytes)}, not ${(size / 2 ** 20).toFixed(1)} MiB.`);
    }
    const chunks: Buffer[] = [];
    // The stream closes the file. Pipes and devices tell no size, so one byte too many is asked for.
    for await (const chunk of file.createReadStream({ end: maxBytes })) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    if (bytes.length > maxBytes) throw new FileError(`${tooLong(maxBytes)}.`);
    return bytes;
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(`cannot be read: ${describeSystemError(error)}.`);
  }
}

function tooLong(maxBytes: number): string {
  return `must be at most ${String(maxBytes / 2 ** 20)} MiB long`;
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
