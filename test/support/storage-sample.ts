import Database from "better-sqlite3";

import type { Storage, TrialRecord } from "../../coordinator/storage/storage.ts";
import { jobCommit, jobRecord, newJobCommit, requestRecord, trialRecord } from "./storage-rows.ts";

/** What the goldens of the storage hold: every kind of row, with every column filled in at least one. */
export const sample = {
  running: jobRecord("demo/running", { specJson: '{"name":"it\'s"}', filesJson: '{"table":"sha"}' }),
  done: jobRecord("demo/done", {
    state: "failed",
    createTimeMs: 1_600_000_000_000,
    endTimeMs: 1_600_000_009_999,
    resultJson: '{"draws":3}',
    error: "no trial completed",
    progressJson: '{"trials":3}',
  }),
  trials: [
    trialRecord("demo/running", 1, {
      state: "completed",
      attemptsJson: '{"counts":{"failed":1}}',
      leaseToken: 2,
      workerId: "worker-1",
      leaseTimeMs: 1_700_000_000_100,
      endTimeMs: 1_700_000_000_900,
      busyMs: 1_234,
      measurementJson: '{"accuracy":0.9375}',
    }),
    trialRecord("demo/running", 2, {
      state: "infeasible",
      macs: null,
      failureReason: "notInTable",
      failureDetail: "ü",
    }),
    trialRecord("demo/running", 3, {
      role: "final",
      state: "leased",
      round: 2,
      leaseToken: 1,
      workerId: "worker-2",
      checkpointJson: '{"sha256":"checkpoint","step":7,"sizeBytes":2}',
    }),
    trialRecord("demo/running", 4, {
      state: "completed",
      endTimeMs: 1_700_000_000_900,
      measurementJson: '{"accuracy":0.75}',
      reusedFrom: "projects/demo/jobs/done/trials/7",
    }),
  ],
  round: { job: "demo/running", round: 1, summaryJson: '{"k":8,"entropy":3.5}' },
  snapshot: { seq: 2, json: '{"version":1}' },
  request: requestRecord("request-1"),
  file: Uint8Array.of(0, 1, 127, 128, 255),
  checkpoint: Uint8Array.of(3, 4),
};

/** The sample's trials as far as a schema version could hold them: the first knew no reused ones, those before the fifth no checkpoints. */
export function trialsOf(version: number): readonly TrialRecord[] {
  return sample.trials
    .filter(({ reusedFrom }) => version > 1 || reusedFrom === null)
    .map((row) => (version > 4 ? row : { ...row, checkpointJson: null }));
}

/** Commits the sample to an empty store. */
export async function fillSample(storage: Storage): Promise<void> {
  await storage.commit([newJobCommit("demo/running", { record: sample.running })], sample.request);
  const changes = {
    events: ["{2}"],
    newTrials: sample.trials,
    rounds: [sample.round],
    snapshotJson: sample.snapshot.json,
  };
  await storage.commit([jobCommit("demo/running", 1, changes)], null);
  await storage.commit([newJobCommit("demo/done", { record: sample.done })], null);
  await storage.putFile("sha", sample.file);
  await storage.putCheckpointFile("checkpoint", sample.checkpoint);
}

/** Writes a SQLite database as SQL: the statements of its schema, then its rows. */
export function dumpDatabase(path: string): string {
  const database = new Database(path, { readonly: true });
  const parts = database
    .prepare<[], { type: string; name: string; sql: string }>(
      "select type, name, sql from sqlite_schema where sql is not null order by rowid",
    )
    .all();
  const rows = parts.flatMap(({ type, name }) => (type === "table" ? dumpRows(database, name) : []));
  database.close();
  return [...parts.map(({ sql }) => sql), ...rows].map((statement) => `${statement};\n`).join("");
}

function dumpRows(database: Database.Database, table: string): readonly string[] {
  const columns = database.prepare("select name from pragma_table_info(?)").pluck().all(table) as string[];
  const values = columns.map((column) => `quote("${column}")`).join(" || ', ' || ");
  const rows = database.prepare(`select ${values} from "${table}" order by rowid`).pluck().all() as string[];
  return rows.map((row) => `insert into "${table}" values (${row})`);
}
