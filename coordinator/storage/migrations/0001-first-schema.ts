import { sql } from "kysely";
import type { ColumnDefinitionBuilder } from "kysely";

import type { Migration } from "./migration.ts";

/** Jobs with their events, trials, rounds and snapshots; answered requests; files by their hash. */
export const firstSchema: Migration = ({ compiler, integerType: integer, textType: text, bytesType, tableOptions }) => {
  const { schema } = compiler;
  const table = <T extends string>(name: T) => schema.createTable(name).modifyEnd(tableOptions);

  return [
    table("jobs")
      .addColumn("job", text, key)
      .addColumn("project", text, required)
      .addColumn("state", text, required)
      .addColumn("create_time_ms", integer, required)
      .addColumn("end_time_ms", integer)
      .addColumn("result_json", text)
      .addColumn("error", text)
      .addColumn("progress_json", text, required)
      .addColumn("last_seq", integer, required),
    schema.createIndex("jobs_by_age").on("jobs").columns(["project", "create_time_ms", "job"]),
    schema
      .createIndex("open_jobs")
      .on("jobs")
      .columns(["create_time_ms", "job"])
      .where(sql.ref("state"), "in", sql`('running', 'paused')`),

    table("job_inputs")
      .addColumn("job", text, ofJob)
      .addColumn("spec_json", text, required)
      .addColumn("files_json", text, required)
      .addPrimaryKeyConstraint("job_inputs_key", ["job"]),

    table("events")
      .addColumn("job", text, ofJob)
      .addColumn("seq", integer, required)
      .addColumn("json", text, required)
      .addPrimaryKeyConstraint("events_key", ["job", "seq"]),

    table("snapshots")
      .addColumn("job", text, ofJob)
      .addColumn("seq", integer, required)
      .addColumn("json", text, required)
      .addPrimaryKeyConstraint("snapshots_key", ["job"]),

    table("trials")
      .addColumn("job", text, ofJob)
      .addColumn("trial", integer, required)
      .addColumn("role", text, required)
      .addColumn("state", text, required)
      .addColumn("network_hash", text, required)
      .addColumn("round", integer, required)
      .addColumn("macs", integer)
      .addColumn("params", integer)
      .addColumn("attempts", integer, required)
      .addColumn("lease_token", integer, required)
      .addColumn("worker_id", text)
      .addColumn("lease_time_ms", integer)
      .addColumn("end_time_ms", integer)
      .addColumn("busy_ms", integer, required)
      .addColumn("measurement_json", text)
      .addColumn("failure_reason", text)
      .addColumn("failure_detail", text)
      .addPrimaryKeyConstraint("trials_key", ["job", "trial"]),
    schema.createIndex("trials_by_network").on("trials").columns(["job", "network_hash", "role"]),
    schema
      .createIndex("open_trials")
      .on("trials")
      .columns(["job", "trial"])
      .where(sql.ref("state"), "in", sql`('pending', 'leased')`),

    table("trial_networks")
      .addColumn("job", text, ofJob)
      .addColumn("trial", integer, required)
      .addColumn("network_json", text, required)
      .addColumn("arms_json", text, required)
      .addPrimaryKeyConstraint("trial_networks_key", ["job", "trial"]),

    table("rounds")
      .addColumn("job", text, ofJob)
      .addColumn("round", integer, required)
      .addColumn("summary_json", text, required)
      .addPrimaryKeyConstraint("rounds_key", ["job", "round"]),

    table("requests")
      .addColumn("request_id", text, key)
      .addColumn("request", text, required)
      .addColumn("response_json", text, required)
      .addColumn("time_ms", integer, required),

    table("files").addColumn("sha256", text, key).addColumn("byte_length", integer, required),
    table("file_chunks")
      .addColumn("sha256", text, required)
      .addColumn("chunk", integer, required)
      .addColumn("bytes", bytesType, required)
      .addPrimaryKeyConstraint("file_chunks_key", ["sha256", "chunk"]),
  ];
};

function required(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull();
}

function key(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().primaryKey();
}

function ofJob(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references("jobs.job");
}
