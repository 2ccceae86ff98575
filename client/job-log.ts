import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import type { ReadJobLogResponse__Output } from "../proto/gen/fpnas/v1/ReadJobLogResponse.ts";
import { decodeJob } from "./decode.ts";
import { FpnasError } from "./errors.ts";
import type { JobLogPart } from "./types.ts";

/** The log of a job, its head first; the call ends with its reader. Throws ServiceError, and FpnasError `internal` for nonsense. */
export async function* readJobLog(
  stub: SearchServiceClient,
  name: string,
): AsyncGenerator<JobLogPart, void, undefined> {
  const call = stub.readJobLog({ name });
  try {
    for await (const response of call as AsyncIterable<ReadJobLogResponse__Output>) yield decodePart(response);
  } finally {
    // After a stream that failed by itself, its error event may still come.
    call.on("error", () => undefined);
    call.cancel();
  }
}

function decodePart({ head, page }: ReadJobLogResponse__Output): JobLogPart {
  if (head !== null && head !== undefined) {
    const { job, files, snapshotSeq, snapshotJson } = head;
    return {
      type: "head",
      job: decodeJob(job),
      files: new Map(Object.entries(files)),
      snapshot: snapshotJson === "" ? null : { seq: snapshotSeq, json: snapshotJson },
    };
  }
  if (page !== null && page !== undefined) return { type: "events", events: page.events };
  throw new FpnasError("internal", "The coordinator sent an empty piece of a log.");
}
