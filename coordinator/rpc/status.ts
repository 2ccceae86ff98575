import { Metadata, status, type ServerErrorResponse } from "@grpc/grpc-js";
import type { MessageTypeDefinition } from "@grpc/proto-loader";
import type { Logger } from "pino";
import { encodeLeader } from "../../proto/leader.ts";
import { packageDefinition } from "../../proto/load.ts";
import type { BadRequest } from "../../proto/gen/google/rpc/BadRequest.ts";
import type { ErrorInfo } from "../../proto/gen/google/rpc/ErrorInfo.ts";
import type { Status, Status__Output } from "../../proto/gen/google/rpc/Status.ts";
import { SpecError } from "../../spec/types.ts";
import { EngineError, isDeposed, notLeader, type EngineErrorCode, type FieldMistake } from "../scheduling/errors.ts";
import { StorageError, type StorageErrorCode } from "../storage/storage.ts";
import { WeightsError, type WeightsErrorCode } from "../weights/weights-store.ts";

/** What a caller is told. */
interface Refusal {
  readonly code: status;
  /** For programs: ErrorInfo.reason. */
  readonly reason: string;
  readonly message: string;
  readonly fields: readonly FieldMistake[];
  /** HOST:PORT of the coordinator that leads, where that is why and it is known. */
  readonly leader: string | null;
}

const engineCodes: Readonly<Record<EngineErrorCode, status>> = {
  invalid: status.INVALID_ARGUMENT,
  notFound: status.NOT_FOUND,
  alreadyExists: status.ALREADY_EXISTS,
  failedPrecondition: status.FAILED_PRECONDITION,
  resourceExhausted: status.RESOURCE_EXHAUSTED,
  aborted: status.ABORTED,
  unavailable: status.UNAVAILABLE,
};

/** A conflict, and having been deposed, are told as UNAVAILABLE: this coordinator gives up, and the next one may answer. */
const storageCodes: Readonly<Record<StorageErrorCode, status>> = {
  conflict: status.UNAVAILABLE,
  deposed: status.UNAVAILABLE,
  busy: status.UNAVAILABLE,
  unavailable: status.UNAVAILABLE,
  corrupt: status.DATA_LOSS,
  unsupported: status.INTERNAL,
};

const weightsCodes: Readonly<Record<WeightsErrorCode, status>> = {
  notFound: status.NOT_FOUND,
  invalid: status.INVALID_ARGUMENT,
  unavailable: status.UNAVAILABLE,
  corrupt: status.DATA_LOSS,
};

/** Domain of every ErrorInfo.reason. */
const domain = "fpnas";

/** Most gRPC stacks refuse metadata above 16 KiB, in which the details stand as base64: texts are cut, lists of fields end. */
const maxMessageLength = 1_000;
const maxDescriptionLength = 500;
const maxFieldsLength = 6_000;

/**
 * The status of a call that failed: the one place where errors become gRPC's. A cause that no caller can know of is logged, and told
 * as INTERNAL without its text.
 */
export function toStatus(error: unknown, logger: Logger): ServerErrorResponse {
  const refusal = describe(error);
  if (refusal.code === status.INTERNAL || refusal.code === status.DATA_LOSS)
    logger.error({ err: error }, "call failed");
  const message = cut(refusal.message, maxMessageLength);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", encodeDetails({ ...refusal, message }));
  return Object.assign(new Error(message), { code: refusal.code, details: message, metadata });
}

function describe(error: unknown): Refusal {
  if (error instanceof EngineError) {
    const { reason, message, fields, leader } = error;
    return { code: engineCodes[error.code], reason, message, fields, leader };
  }
  if (error instanceof SpecError) {
    const fields = error.mistakes.map(({ path, message }) => ({ field: path, description: message }));
    return { code: status.INVALID_ARGUMENT, reason: "INVALID_SPEC", message: error.message, fields, leader: null };
  }
  if (isDeposed(error)) return describe(notLeader(null));
  if (error instanceof StorageError) {
    const message = error.code === "unsupported" ? "internal error" : `the store failed: ${error.message}`;
    const reason = `STORE_${error.code.toUpperCase()}`;
    return { code: storageCodes[error.code], reason, message, fields: [], leader: null };
  }
  if (error instanceof WeightsError) {
    const reason = error.code === "notFound" ? "WEIGHTS_NOT_FOUND" : `WEIGHTS_${error.code.toUpperCase()}`;
    return { code: weightsCodes[error.code], reason, message: error.message, fields: [], leader: null };
  }
  return { code: status.INTERNAL, reason: "INTERNAL", message: "internal error", fields: [], leader: null };
}

function encodeDetails({ code, reason, message, fields, leader }: Refusal): Buffer {
  const info: ErrorInfo = { reason, domain, metadata: encodeLeader(leader) };
  const details: Status["details"] = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", ...info }];
  if (fields.length > 0) {
    const badRequest: BadRequest = { fieldViolations: fitFields(fields) };
    details.push({ "@type": "type.googleapis.com/google.rpc.BadRequest", ...badRequest });
  }
  return encodeStatus({ code, message, details });
}

/** As many fields as fit, in their order, and how many more there are. */
function fitFields(fields: readonly FieldMistake[]): FieldMistake[] {
  const fitting: FieldMistake[] = [];
  let length = 0;
  for (const { field, description } of fields) {
    const cutField = { field: cut(field, maxDescriptionLength), description: cut(description, maxDescriptionLength) };
    length += cutField.field.length + cutField.description.length;
    if (length > maxFieldsLength) break;
    fitting.push(cutField);
  }
  const more = fields.length - fitting.length;
  return more === 0 ? fitting : [...fitting, { field: "", description: `There are ${more} more mistakes.` }];
}

function encodeStatus(message: Status): Buffer {
  const definition = packageDefinition["google.rpc.Status"] as
    MessageTypeDefinition<Status, Status__Output> | undefined;
  if (definition === undefined) throw new Error("google.rpc.Status is not loaded");
  return definition.serialize(message);
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
