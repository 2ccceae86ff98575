/**
 * Writes the golden of the newest schema: `node dist/test/support/storage-golden.js > test/golden/storage-vN.sql`.
 * Run it once for a schema, before its release; the file of a released schema never changes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openStorage } from "./leading.ts";
import { dumpDatabase, fillSample } from "./storage-sample.ts";

const folder = mkdtempSync(join(tmpdir(), "fpnas-golden-"));
const path = join(folder, "store.db");
const storage = await openStorage(`sqlite:${path}`);
await fillSample(storage);
await storage.close();
process.stdout.write(dumpDatabase(path));
rmSync(folder, { recursive: true });
