import { StorageError } from "../storage/storage.ts";

/**
 * Why the engine refused, as a closed set.
 * - `invalid`: a field of the request is wrong; `fields` names it.
 * - `notFound`, `alreadyExists`: the named thing.
 * - `failedPrecondition`: not in the present state.
 * - `resourceExhausted`: above a limit.
 * - `aborted`: another stream took over.
 * - `unavailable`: the coordinator does not lead, or not any more; the call may be repeated elsewhere or later.
 */
export type EngineErrorCode =
  "invalid" | "notFound" | "alreadyExists" | "failedPrecondition" | "resourceExhausted" | "aborted" | "unavailable";

/** One wrong field of a request. */
export interface FieldMistake {
  readonly field: string;
  readonly description: string;
}

/** A refusal that its caller should read. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  /** UPPER_SNAKE_CASE, for programs. */
  readonly reason: string;
  /** Of `invalid` only; else empty. */
  readonly fields: readonly FieldMistake[];
  /** Of NOT_LEADER only: HOST:PORT of the coordinator that leads, as far as is known. */
  readonly leader: string | null;
  constructor(
    code: EngineErrorCode,
    reason: string,
    message: string,
    fields: readonly FieldMistake[] = [],
    leader: string | null = null,
  ) {
    super(message);
    this.name = "EngineError";
    this.code = code;
    this.reason = reason;
    this.fields = fields;
    this.leader = leader;
  }
}

/** The refusal of a request with one wrong field. */
export function invalidField(field: string, description: string): EngineError {
  return new EngineError("invalid", "INVALID_REQUEST", `${field} ${description}`, [{ field, description }]);
}

/** The refusal of what only the leader does, of an engine that has ended too. */
export function notLeader(leader: string | null): EngineError {
  const message = `this coordinator does not lead${leader === null ? "" : `, ${leader} does`}`;
  return new EngineError("unavailable", "NOT_LEADER", message, [], leader);
}

/** The refusal of a supernet's job where there is no place for its weights. */
export function noWeights(): EngineError {
  const message =
    "this coordinator keeps no shared weights, which evaluator.supernet needs: start every coordinator of its store with --weights FOLDER, the same for all";
  return new EngineError("failedPrecondition", "NO_WEIGHTS", message);
}

/** Whether another leads now, by the word of the store. */
export function isDeposed(error: unknown): boolean {
  return error instanceof StorageError && error.code === "deposed";
}

/** Whether the store may do later what it refused now: it is unavailable, as with a full disk, or another holds a lock of it. */
export function mayPass(error: unknown): error is StorageError {
  return error instanceof StorageError && (error.code === "unavailable" || error.code === "busy");
}
