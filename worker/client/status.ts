import { status, type ServiceError } from "@grpc/grpc-js";

/** The gRPC status that an error carries, UNKNOWN where it carries none. */
export function statusOf(error: unknown): status {
  return isServiceError(error) ? error.code : status.UNKNOWN;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number";
}
