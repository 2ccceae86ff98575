import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** How long it takes to read files and to write so many bytes as durably as a version is: a file, fsync, rename, fsync of the folder. */
export function copyMs(from: readonly string[], folder: string, bytes: number): number {
  const start = performance.now();
  for (const path of from) readFileSync(path);
  const data = Buffer.alloc(bytes, 1);
  const [unfinished, path] = [join(folder, "copy.unfinished"), join(folder, "copy")];
  const file = openSync(unfinished, "w");
  for (let written = 0; written < bytes;) written += writeSync(file, data, written);
  fsyncSync(file);
  closeSync(file);
  renameSync(unfinished, path);
  const parent = openSync(dirname(path), "r");
  fsyncSync(parent);
  closeSync(parent);
  return performance.now() - start;
}
