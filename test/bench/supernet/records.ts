import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What parts of a benchmark have found, a JSON file each: one that was broken off goes on from them, and several processes with other seeds may
 * share the folder.
 */
export class Records {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** What the part of this name has found: now, where no file of an earlier run says. `make` must not give undefined. */
  async keep<T>(name: string, make: () => Promise<T>): Promise<T> {
    const path = join(this.folder, `${name}.json`);
    const known = await readFile(path, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    });
    if (known !== null) return JSON.parse(known) as T;
    const found = await make();
    await mkdir(this.folder, { recursive: true });
    await writeFile(`${path}.${process.pid}`, JSON.stringify(found));
    await rename(`${path}.${process.pid}`, path);
    return found;
  }
}
