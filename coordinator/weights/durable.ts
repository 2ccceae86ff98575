import { closeSync, fsyncSync, mkdirSync, openSync, renameSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Makes folders below one that is there, durably, whoever may have begun to make them. */
export function makeFoldersSync(root: string, paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(path, { recursive: true });
    for (let folder = path; folder !== root; folder = dirname(folder)) syncFolder(dirname(folder));
  }
}

/** Puts a written file, and closes it, in its place: durable when it returns, and there whole or not at all whenever the machine stops. */
export function publishSync(file: number, from: string, to: string): void {
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** As `publishSync`, for the thread that must not wait. */
export async function publish(file: FileHandle, from: string, to: string): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(from, to);
  const folder = await open(dirname(to), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
