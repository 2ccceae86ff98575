import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { InstallError } from "./install-error.ts";

/** What a file must hash to. */
export interface Checksum {
  readonly algorithm: "sha256" | "sha512";
  readonly encoding: "hex" | "base64";
  readonly value: string;
}

/** The file's hash in the checksum's form. */
export async function hashFile(path: string, { algorithm, encoding }: Omit<Checksum, "value">): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest(encoding);
}

/** Throws InstallError where a file is not the one that is known under its name. */
export async function checkFile(path: string, what: string, checksum: Checksum): Promise<void> {
  const found = await hashFile(path, checksum);
  if (found === checksum.value) return;
  throw new InstallError([
    `${what} is not the file that it should be: its ${checksum.algorithm.toUpperCase()} is ${found}, not ${checksum.value}.`,
    "Nothing of it has been used. The package index, or something on the way to it, has handed out another file.",
  ]);
}
