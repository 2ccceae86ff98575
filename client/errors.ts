import { status, type ServiceError } from "@grpc/grpc-js";
import { readDetails } from "../proto/error-details.ts";
import { SpecError, type SpecMistake } from "../spec/types.ts";

/**
 * Why a call failed.
 * - `unreachable`: no coordinator answers at the address, or the connection was lost. The call may be repeated.
 * - `deadline_exceeded`: it is connected but did not answer in time.
 * - `not_found`: no such job.
 * - `invalid`: a mistake in what was sent; `mistakes` lists each with its field path.
 * - `already_exists`: the job id is taken.
 * - `failed_precondition`: not possible in the job's present state, or a file is missing.
 * - `resource_exhausted`: above a limit of the coordinator.
 * - `denied`: not allowed.
 * - `cancelled`: the client was closed before the call.
 * - `internal`: a fault of the coordinator or of this client.
 */
export type FpnasErrorCode =
  | "unreachable"
  | "deadline_exceeded"
  | "not_found"
  | "invalid"
  | "already_exists"
  | "failed_precondition"
  | "resource_exhausted"
  | "denied"
  | "cancelled"
  | "internal";

/** The one error that the SDK throws. Its message is for people: one sentence, no stack, naming the address where it is unreachable. */
export class FpnasError extends Error {
  readonly code: FpnasErrorCode;
  /** Every mistake of an `invalid` request, in the coordinator's order; else empty. */
  readonly mistakes: readonly SpecMistake[];
  constructor(code: FpnasErrorCode, message: string, mistakes: readonly SpecMistake[] = [], options?: ErrorOptions) {
    super(message, options);
    this.name = "FpnasError";
    this.code = code;
    this.mistakes = mistakes;
  }
}

const codes: Partial<Record<status, FpnasErrorCode>> = {
  [status.UNAVAILABLE]: "unreachable",
  [status.DEADLINE_EXCEEDED]: "deadline_exceeded",
  [status.NOT_FOUND]: "not_found",
  [status.INVALID_ARGUMENT]: "invalid",
  [status.OUT_OF_RANGE]: "invalid",
  [status.ALREADY_EXISTS]: "already_exists",
  [status.FAILED_PRECONDITION]: "failed_precondition",
  [status.ABORTED]: "failed_precondition",
  [status.RESOURCE_EXHAUSTED]: "resource_exhausted",
  [status.PERMISSION_DENIED]: "denied",
  [status.UNAUTHENTICATED]: "denied",
  // Nothing here cancels a call that it still waits for: a coordinator that was stopped does, or the client's close.
  [status.CANCELLED]: "unreachable",
};

/** The error of a call to `address` as an FpnasError. Never throws: details that cannot be read count as none. */
export function toFpnasError(error: unknown, address: string): FpnasError {
  if (error instanceof FpnasError) return error;
  if (error instanceof SpecError) return new FpnasError("invalid", error.message, error.mistakes, { cause: error });
  if (!isServiceError(error)) {
    return new FpnasError("internal", error instanceof Error ? error.message : String(error), [], { cause: error });
  }
  // grpc-js's words for an answer that is no gRPC's: whatever serves there, it is no coordinator.
  const isOther = /^Received HTTP status code/.test(error.details);
  const code = isOther ? "unreachable" : (codes[error.code] ?? "internal");
  const message = code === "unreachable" ? unreachableMessage(address, error.details) : error.details || error.message;
  return new FpnasError(code, message, readMistakes(error), { cause: error });
}

export function unreachableMessage(address: string, reason: string): string {
  const refused = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET/.exec(reason);
  return `No coordinator can be reached at ${address}${reason === "" ? "" : ` (${refused?.[0] ?? reason})`}.`;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;
}

/** Every mistake that the coordinator found in the request. */
function readMistakes(error: unknown): SpecMistake[] {
  return readDetails(error, "google.rpc.BadRequest")
    .flatMap((badRequest) => badRequest.fieldViolations)
    .map((violation) => ({ path: violation.field, message: violation.description }));
}
