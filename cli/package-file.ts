import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file of this package that is not compiled, such as data, by its path from the package's root. */
export function packageFile(...parts: readonly string[]): string {
  let folder = import.meta.dirname;
  // This module lies under dist/ or not: the root is where the manifest is.
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, ...parts);
}

/** The version of this package. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { readonly version: string };
  return version;
}
