import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** An installed npm package that holds data. */
export interface DataPackage {
  readonly version: string;
  path(...parts: readonly string[]): string;
}

/** Finds an installed package. Rejects where it is not installed. */
export async function findPackage(name: string): Promise<DataPackage> {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { readonly version: string };
  return { version, path: (...parts) => join(dirname(manifest), ...parts) };
}
