import { createHash } from "node:crypto";
import type { JobRecord, RequestRecord, Storage } from "../storage/storage.ts";
import { invalidField } from "./errors.ts";

/** The protection of a mutation against being repeated. */
export interface RequestId {
  readonly id: string;
  /** What was asked, so that another use of the id is told apart. */
  readonly request: string;
}

/**
 * How long the answer to a request is kept. A day is promised (CreateJobRequest.request_id); the other one is for clocks that are set
 * and for coordinators whose clocks differ.
 */
export const answersKeptMs = 48 * 60 * 60 * 1000;

/** The longest request id. */
const maxIdLength = 128;

/** The request's protection; null where its id is empty. `parts` say what was asked. Throws EngineError `invalid`. */
export function identifyRequest(id: string, parts: readonly string[]): RequestId | null {
  if (id === "") return null;
  if (id.length > maxIdLength) throw invalidField("request_id", `must have at most ${maxIdLength} characters.`);
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return { id, request: `${parts[0] ?? ""} ${hash}` };
}

/**
 * The first answer to a request; null where there is none yet. Throws EngineError `invalid` where the id was used to ask something
 * else; rejects with StorageError.
 */
export async function findAnswer(storage: Storage, request: RequestId | null): Promise<JobRecord | null> {
  if (request === null) return null;
  const found = await storage.findRequest(request.id);
  if (found === null) return null;
  if (found.request !== request.request) {
    throw invalidField("request_id", "was used before, for another request; every request needs its own.");
  }
  return JSON.parse(found.responseJson) as JobRecord;
}

/** The answer as it is stored with the mutation. */
export function recordAnswer(request: RequestId, record: JobRecord, nowMs: number): RequestRecord {
  return { requestId: request.id, request: request.request, responseJson: JSON.stringify(record), timeMs: nowMs };
}
