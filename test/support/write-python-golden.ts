/** Writes what workers in other languages must agree with: `node dist/test/support/write-python-golden.js worker/python/tests/golden`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePythonGolden } from "./python-golden.ts";

const [out = "."] = process.argv.slice(2);
for (const [name, content] of Object.entries(await makePythonGolden())) {
  writeFileSync(join(out, name), `${JSON.stringify(content)}\n`);
}
