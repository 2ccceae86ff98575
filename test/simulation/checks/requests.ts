import { EngineError } from "../../../coordinator/scheduling/errors.ts";
import { StorageError, type JobRecord, type RequestRecord } from "../../../coordinator/storage/storage.ts";
import type { RequestWatcher } from "../cluster/researcher.ts";

/** A request id has one effect and one answer: the first. */
export class RequestLedger implements RequestWatcher {
  private readonly violate: (what: string) => void;
  private readonly answers = new Map<string, string>();

  constructor(violate: (what: string) => void) {
    this.violate = violate;
  }

  landed({ requestId, responseJson }: RequestRecord): void {
    if (this.answers.has(requestId)) this.violate(`${requestId} has had its effect twice`);
    this.answers.set(requestId, responseJson);
  }

  answered(requestId: string, record: JobRecord): void {
    const durable = this.answers.get(requestId);
    if (durable === undefined) this.violate(`${requestId} is answered, but its answer is not durable`);
    else if (durable !== JSON.stringify(record)) this.violate(`${requestId} is answered in two ways`);
  }

  refused(requestId: string, error: unknown): void {
    const isAway = error instanceof StorageError || (error instanceof EngineError && error.code === "unavailable");
    if (isAway || !this.answers.has(requestId)) return;
    this.violate(`${requestId} has had its effect and is then refused: ${String(error)}`);
  }
}
