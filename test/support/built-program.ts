import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The path of a program that `npm run build` makes, given as from the root of the sources, for tests and built programs alike. */
export function builtProgram(path: string): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, "package.json"))) root = dirname(root);
  return join(root, "dist", path.replace(/\.ts$/, ".js"));
}
