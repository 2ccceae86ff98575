import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Path of a file inside an installed npm package. Throws where the package is not installed. */
export function packageFile(name: string, path: string): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve(`${name}/package.json`)), path);
}
