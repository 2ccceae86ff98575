import type { ReadJobLogResponse } from "../../proto/gen/fpnas/v1/ReadJobLogResponse.ts";
import type { JobReader } from "../scheduling/job-reader.ts";
import { readFiles } from "../scheduling/load-job.ts";
import type { JobKey } from "../storage/storage.ts";
import { encodeJob } from "./encode-job.ts";

/** Events of one page: all that is held of a log at a time. */
const pageSize = 128;

/**
 * The log of a job in pieces, each read when the one before has been taken: the head, then the events up to the last there is by then.
 * Throws EngineError `notFound`, and StorageError.
 */
export async function* readJobLog(jobs: JobReader, key: JobKey): AsyncGenerator<ReadJobLogResponse, void, undefined> {
  const view = await jobs.getJob(key);
  const snapshot = await jobs.readSnapshot(key);
  yield {
    head: {
      job: encodeJob(view),
      files: Object.fromEntries(readFiles(view.record)),
      snapshotSeq: snapshot?.seq ?? 0,
      snapshotJson: snapshot?.json ?? "",
    },
  };
  for (let after: number | null = 0; after !== null;) {
    const rows: readonly (readonly [number, string])[] = await jobs.readEvents(key, after, pageSize);
    const last = rows.at(-1);
    if (last !== undefined) yield { page: { events: rows.map(([seq, json]) => ({ seq, json })) } };
    after = rows.length < pageSize || last === undefined ? null : last[0];
  }
}
