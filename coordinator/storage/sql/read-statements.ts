import { sql } from "kysely";
import type { Kysely } from "kysely";

import { prepare } from "./prepare.ts";
import type { Tables } from "./tables.ts";

/** How many hashes one statement looks up: a fixed number, so that its SQL is one text. */
export const hashesPerQuery = 64;

const hashNames = Array.from({ length: hashesPerQuery }, (_, index) => `hash${index}`);

type HashLookup = { readonly job: string } & Readonly<Record<`hash${number}`, string>>;

/** Makes the parameters of `searchTrialsByHash` for 1 to `hashesPerQuery` hashes; the places left over repeat one. */
export function hashLookup(job: string, hashes: readonly string[]): HashLookup {
  const lookup: Record<string, string> = { job };
  for (const [index, name] of hashNames.entries()) lookup[name] = hashes[index] ?? hashes[0] ?? "";
  return lookup as HashLookup;
}

/** Every statement that only reads, compiled once for a database's dialect; rows come out as the records of the port. */
export type ReadStatements = ReturnType<typeof prepareReads>;

/** Compiles the statements that only read. */
export function prepareReads(db: Kysely<Tables>) {
  const jobs = db
    .selectFrom("jobs")
    .innerJoin("job_inputs", "job_inputs.job", "jobs.job")
    .select([
      "jobs.job as key",
      "jobs.project",
      "jobs.state",
      "job_inputs.spec_json as specJson",
      "job_inputs.files_json as filesJson",
      "jobs.create_time_ms as createTimeMs",
      "jobs.end_time_ms as endTimeMs",
      "jobs.result_json as resultJson",
      "jobs.error",
      "jobs.progress_json as progressJson",
    ]);

  const trials = db
    .selectFrom("trials")
    .innerJoin("trial_networks", (join) =>
      join.onRef("trial_networks.job", "=", "trials.job").onRef("trial_networks.trial", "=", "trials.trial"),
    )
    .select([
      "trials.job",
      "trials.trial",
      "trials.role",
      "trials.state",
      "trials.network_hash as networkHash",
      "trial_networks.network_json as networkJson",
      "trial_networks.arms_json as armsJson",
      "trials.round",
      "trials.macs",
      "trials.params",
      "trials.attempts_json as attemptsJson",
      "trials.lease_token as leaseToken",
      "trials.worker_id as workerId",
      "trials.lease_time_ms as leaseTimeMs",
      "trials.end_time_ms as endTimeMs",
      "trials.busy_ms as busyMs",
      "trials.measurement_json as measurementJson",
      "trials.failure_reason as failureReason",
      "trials.failure_detail as failureDetail",
      "trials.reused_from as reusedFrom",
      "trials.checkpoint_json as checkpointJson",
    ]);

  return {
    job: prepare((p: { key: string }) => jobs.where("jobs.job", "=", p.key)),

    jobPage: prepare((p: { project: string; createTimeMs: number; key: string; limit: number }) =>
      jobs
        .where("jobs.project", "=", p.project)
        .where((eb) => eb(eb.refTuple("jobs.create_time_ms", "jobs.job"), "<", eb.tuple(p.createTimeMs, p.key)))
        .orderBy("jobs.create_time_ms", "desc")
        .orderBy("jobs.job", "desc")
        .limit(p.limit),
    ),

    // Literals, not parameters: only so does SQLite see that the partial index serves the query.
    openJobs: prepare(() =>
      jobs
        .where("jobs.state", "in", [sql.lit("running" as const), sql.lit("paused" as const)])
        .orderBy("jobs.create_time_ms")
        .orderBy("jobs.job"),
    ),

    trial: prepare((p: { job: string; trial: number }) =>
      trials.where("trials.job", "=", p.job).where("trials.trial", "=", p.trial),
    ),

    trialPage: prepare((p: { job: string; after: number; limit: number }) =>
      trials.where("trials.job", "=", p.job).where("trials.trial", ">", p.after).orderBy("trials.trial").limit(p.limit),
    ),

    openTrials: prepare((p: { job: string }) =>
      trials
        .where("trials.job", "=", p.job)
        .where("trials.state", "in", [sql.lit("pending" as const), sql.lit("leased" as const)])
        .orderBy("trials.trial"),
    ),

    /** In no order: asked for one, SQLite walks through all trials of the job instead of looking the hashes up. */
    searchTrialsByHash: prepare((p: HashLookup) =>
      trials
        .where("trials.job", "=", p.job)
        .where("trials.role", "=", "search")
        .where(
          "trials.network_hash",
          "in",
          Array.from({ length: hashesPerQuery }, (_, index) => sql<string>`${p[`hash${index}`]}`),
        ),
    ),

    roundPage: prepare((p: { job: string; after: number; limit: number }) =>
      db
        .selectFrom("rounds")
        .select(["job", "round", "summary_json as summaryJson"])
        .where("job", "=", p.job)
        .where("round", ">", p.after)
        .orderBy("round")
        .limit(p.limit),
    ),

    snapshot: prepare((p: { job: string }) =>
      db.selectFrom("snapshots").select(["seq", "json"]).where("job", "=", p.job),
    ),

    events: prepare((p: { job: string; after: number; limit: number }) =>
      db
        .selectFrom("events")
        .select(["seq", "json"])
        .where("job", "=", p.job)
        .where("seq", ">", p.after)
        .orderBy("seq")
        .limit(p.limit),
    ),

    request: prepare((p: { requestId: string }) =>
      db
        .selectFrom("requests")
        .select(["request_id as requestId", "request", "response_json as responseJson", "time_ms as timeMs"])
        .where("request_id", "=", p.requestId),
    ),

    file: prepare((p: { sha256: string }) =>
      db.selectFrom("files").select("byte_length as byteLength").where("sha256", "=", p.sha256),
    ),

    // A literal, as above: the files of jobs are many, and none of them is asked for.
    checkpointFiles: prepare(() =>
      db
        .selectFrom("files")
        .select("sha256")
        .where("kind", "=", sql.lit("checkpoint" as const)),
    ),

    fileChunk: prepare((p: { sha256: string; chunk: number }) =>
      db.selectFrom("file_chunks").select("bytes").where("sha256", "=", p.sha256).where("chunk", "=", p.chunk),
    ),
  };
}
