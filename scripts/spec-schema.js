// Writes docs/spec.schema.json from the schema of job specs, as built in dist/; with --check only compares, and fails where it differs.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { specJsonSchema } from "../dist/spec/spec-json-schema.js";

const path = new URL("../docs/spec.schema.json", import.meta.url);
const options = await resolveConfig(path);
const fresh = await format(JSON.stringify(specJsonSchema()), { ...options, parser: "json" });

if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== fresh) {
    console.error("docs/spec.schema.json does not match spec/schema.ts (run: npm run schema:gen)");
    process.exit(1);
  }
} else {
  mkdirSync(new URL(".", path), { recursive: true });
  writeFileSync(path, fresh);
}
