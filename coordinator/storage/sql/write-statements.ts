import type { Kysely } from "kysely";

import type { JobRecord, RequestRecord, RoundRecord, TrialRecord, TrialUpdate } from "../storage.ts";
import { prepare } from "./prepare.ts";
import type { Tables } from "./tables.ts";

/** Every statement that changes rows, compiled once for a database's dialect. */
export type WriteStatements = ReturnType<typeof prepareWrites>;

/** Compiles the statements that change rows. */
export function prepareWrites(db: Kysely<Tables>) {
  return {
    putJob: prepare((p: JobRecord) =>
      db
        .insertInto("jobs")
        .values({
          job: p.key,
          project: p.project,
          state: p.state,
          create_time_ms: p.createTimeMs,
          end_time_ms: p.endTimeMs,
          result_json: p.resultJson,
          error: p.error,
          progress_json: p.progressJson,
          last_seq: 0,
        })
        .onConflict((conflict) =>
          conflict.column("job").doUpdateSet({
            project: (eb) => eb.ref("excluded.project"),
            state: (eb) => eb.ref("excluded.state"),
            create_time_ms: (eb) => eb.ref("excluded.create_time_ms"),
            end_time_ms: (eb) => eb.ref("excluded.end_time_ms"),
            result_json: (eb) => eb.ref("excluded.result_json"),
            error: (eb) => eb.ref("excluded.error"),
            progress_json: (eb) => eb.ref("excluded.progress_json"),
          }),
        ),
    ),

    putJobInputs: prepare((p: JobRecord) =>
      db
        .insertInto("job_inputs")
        .values({ job: p.key, spec_json: p.specJson, files_json: p.filesJson })
        .onConflict((conflict) =>
          conflict
            .column("job")
            .doUpdateSet({
              spec_json: (eb) => eb.ref("excluded.spec_json"),
              files_json: (eb) => eb.ref("excluded.files_json"),
            })
            .where((eb) =>
              eb.or([
                eb("job_inputs.spec_json", "<>", eb.ref("excluded.spec_json")),
                eb("job_inputs.files_json", "<>", eb.ref("excluded.files_json")),
              ]),
            ),
        ),
    ),

    /** Changes no row where the job is unknown or stands at another event. */
    advance: prepare((p: { job: string; expectedSeq: number; lastSeq: number }) =>
      db
        .updateTable("jobs")
        .set({ last_seq: p.lastSeq })
        .where("job", "=", p.job)
        .where("last_seq", "=", p.expectedSeq),
    ),

    appendEvent: prepare((p: { job: string; seq: number; json: string }) =>
      db.insertInto("events").values({ job: p.job, seq: p.seq, json: p.json }),
    ),

    putSnapshot: prepare((p: { job: string; seq: number; json: string }) =>
      db
        .insertInto("snapshots")
        .values({ job: p.job, seq: p.seq, json: p.json })
        .onConflict((conflict) =>
          conflict.column("job").doUpdateSet({
            seq: (eb) => eb.ref("excluded.seq"),
            json: (eb) => eb.ref("excluded.json"),
          }),
        ),
    ),

    putTrial: prepare((p: TrialRecord) =>
      db
        .insertInto("trials")
        .values({
          job: p.job,
          trial: p.trial,
          role: p.role,
          state: p.state,
          network_hash: p.networkHash,
          round: p.round,
          macs: p.macs,
          params: p.params,
          attempts_json: p.attemptsJson,
          lease_token: p.leaseToken,
          worker_id: p.workerId,
          lease_time_ms: p.leaseTimeMs,
          end_time_ms: p.endTimeMs,
          busy_ms: p.busyMs,
          measurement_json: p.measurementJson,
          failure_reason: p.failureReason,
          failure_detail: p.failureDetail,
          reused_from: p.reusedFrom,
          checkpoint_json: p.checkpointJson,
        })
        .onConflict((conflict) =>
          conflict.columns(["job", "trial"]).doUpdateSet({
            role: (eb) => eb.ref("excluded.role"),
            state: (eb) => eb.ref("excluded.state"),
            network_hash: (eb) => eb.ref("excluded.network_hash"),
            round: (eb) => eb.ref("excluded.round"),
            macs: (eb) => eb.ref("excluded.macs"),
            params: (eb) => eb.ref("excluded.params"),
            attempts_json: (eb) => eb.ref("excluded.attempts_json"),
            lease_token: (eb) => eb.ref("excluded.lease_token"),
            worker_id: (eb) => eb.ref("excluded.worker_id"),
            lease_time_ms: (eb) => eb.ref("excluded.lease_time_ms"),
            end_time_ms: (eb) => eb.ref("excluded.end_time_ms"),
            busy_ms: (eb) => eb.ref("excluded.busy_ms"),
            measurement_json: (eb) => eb.ref("excluded.measurement_json"),
            failure_reason: (eb) => eb.ref("excluded.failure_reason"),
            failure_detail: (eb) => eb.ref("excluded.failure_detail"),
            reused_from: (eb) => eb.ref("excluded.reused_from"),
            checkpoint_json: (eb) => eb.ref("excluded.checkpoint_json"),
          }),
        ),
    ),

    /** Changes no row where the job has no such trial. */
    updateTrial: prepare((p: TrialUpdate) =>
      db
        .updateTable("trials")
        .set({
          state: p.state,
          attempts_json: p.attemptsJson,
          lease_token: p.leaseToken,
          worker_id: p.workerId,
          lease_time_ms: p.leaseTimeMs,
          end_time_ms: p.endTimeMs,
          busy_ms: p.busyMs,
          measurement_json: p.measurementJson,
          failure_reason: p.failureReason,
          failure_detail: p.failureDetail,
          checkpoint_json: p.checkpointJson,
        })
        .where("job", "=", p.job)
        .where("trial", "=", p.trial),
    ),

    putTrialNetwork: prepare((p: TrialRecord) =>
      db
        .insertInto("trial_networks")
        .values({ job: p.job, trial: p.trial, network_json: p.networkJson, arms_json: p.armsJson })
        .onConflict((conflict) =>
          conflict
            .columns(["job", "trial"])
            .doUpdateSet({
              network_json: (eb) => eb.ref("excluded.network_json"),
              arms_json: (eb) => eb.ref("excluded.arms_json"),
            })
            .where((eb) =>
              eb.or([
                eb("trial_networks.network_json", "<>", eb.ref("excluded.network_json")),
                eb("trial_networks.arms_json", "<>", eb.ref("excluded.arms_json")),
              ]),
            ),
        ),
    ),

    putRound: prepare((p: RoundRecord) =>
      db
        .insertInto("rounds")
        .values({ job: p.job, round: p.round, summary_json: p.summaryJson })
        .onConflict((conflict) =>
          conflict.columns(["job", "round"]).doUpdateSet({ summary_json: (eb) => eb.ref("excluded.summary_json") }),
        ),
    ),

    /** Changes no row where the request has an answer already. */
    addRequest: prepare((p: RequestRecord) =>
      db
        .insertInto("requests")
        .values({ request_id: p.requestId, request: p.request, response_json: p.responseJson, time_ms: p.timeMs })
        .onConflict((conflict) => conflict.doNothing()),
    ),

    forgetRequests: prepare((p: { beforeMs: number; limit: number }) =>
      db
        .deleteFrom("requests")
        .where("request_id", "in", (eb) =>
          eb
            .selectFrom("requests")
            .select("request_id")
            .where("time_ms", "<", p.beforeMs)
            .orderBy("time_ms")
            .limit(p.limit),
        ),
    ),

    /** The chunks of a file count once its row in `files` is there. */
    addFile: prepare((p: { sha256: string; byteLength: number }) =>
      db
        .insertInto("files")
        .values({ sha256: p.sha256, byte_length: p.byteLength, kind: "file" })
        .onConflict((conflict) => conflict.column("sha256").doUpdateSet({ kind: "file" })),
    ),

    addCheckpointFile: prepare((p: { sha256: string; byteLength: number }) =>
      db
        .insertInto("files")
        .values({ sha256: p.sha256, byte_length: p.byteLength, kind: "checkpoint" })
        .onConflict((conflict) => conflict.doNothing()),
    ),

    keepFile: prepare((p: { sha256: string }) =>
      db.updateTable("files").set({ kind: "file" }).where("sha256", "=", p.sha256),
    ),

    dropCheckpointFile: prepare((p: { sha256: string }) =>
      db.deleteFrom("files").where("sha256", "=", p.sha256).where("kind", "=", "checkpoint"),
    ),

    /** The chunks of a file that is no longer there. */
    dropLooseChunks: prepare((p: { sha256: string }) =>
      db
        .deleteFrom("file_chunks")
        .where("sha256", "=", p.sha256)
        .where("sha256", "not in", db.selectFrom("files").select("sha256")),
    ),

    addFileChunk: prepare((p: { sha256: string; chunk: number; bytes: Uint8Array }) =>
      db
        .insertInto("file_chunks")
        .values({ sha256: p.sha256, chunk: p.chunk, bytes: p.bytes })
        .onConflict((conflict) => conflict.doNothing()),
    ),

    /** What a crash left of files whose upload did not end. */
    dropUnfinishedFiles: prepare(() =>
      db.deleteFrom("file_chunks").where("sha256", "not in", db.selectFrom("files").select("sha256")),
    ),
  };
}
