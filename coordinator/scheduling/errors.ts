import { StorageError } from "../storage/storage.ts";

/**
 * Why the engine refused, as a closed set.
 * - `invalid`: a field of the request is wrong; `fields` names it.
 * - `notFound`, `alreadyExists`: the named thing.
 * - `failedPrecondition`: not in the present state.
 * - `resourceExhausted`: above a limit.
 * - `aborted`: another stream took over.
 * - `unavailable`: the coordinator stops or cannot go on; the call may be repeated elsewhere or later.
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
  constructor(code: EngineErrorCode, reason: string, message: string, fields: readonly FieldMistake[] = []) {
    super(message);
    this.name = "EngineError";
    this.code = code;
    this.reason = reason;
    this.fields = fields;
  }
}

/** The refusal of a request with one wrong field. */
export function invalidField(field: string, description: string): EngineError {
  return new EngineError("invalid", "INVALID_REQUEST", `${field} ${description}`, [{ field, description }]);
}

/** The refusal of all that comes after the engine has ended. */
export function stopping(): EngineError {
  return new EngineError("unavailable", "STOPPING", "the coordinator is stopping");
}

/** Whether the store may do later what it refused now: it is unavailable, as with a full disk, or another holds a lock of it. */
export function mayPass(error: unknown): error is StorageError {
  return error instanceof StorageError && (error.code === "unavailable" || error.code === "busy");
}
