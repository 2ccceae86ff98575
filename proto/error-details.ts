import type { Metadata } from "@grpc/grpc-js";
import { packageDefinition } from "./load.ts";
import type { BadRequest__Output } from "./gen/google/rpc/BadRequest.ts";
import type { ErrorInfo__Output } from "./gen/google/rpc/ErrorInfo.ts";
import type { Status__Output } from "./gen/google/rpc/Status.ts";

/** The messages that may stand in the details of google.rpc.Status. */
interface Details {
  readonly "google.rpc.ErrorInfo": ErrorInfo__Output;
  readonly "google.rpc.BadRequest": BadRequest__Output;
}

/**
 * The messages of one type that a failed call carries in the google.rpc.Status of its trailer `grpc-status-details-bin` (AIP-193).
 * Never throws: details that cannot be read count as none.
 */
export function readDetails<Type extends keyof Details>(error: unknown, type: Type): readonly Details[Type][] {
  const [trailer] = metadataOf(error)?.get("grpc-status-details-bin") ?? [];
  if (!(trailer instanceof Buffer)) return [];
  try {
    const { details } = decode("google.rpc.Status", trailer) as Status__Output;
    return details
      .filter((detail) => detail.type_url.endsWith(`/${type}`))
      .map((detail) => decode(type, detail.value) as Details[Type]);
  } catch {
    return [];
  }
}

function metadataOf(error: unknown): Metadata | undefined {
  const isServiceError = error instanceof Error && "metadata" in error;
  return isServiceError ? (error.metadata as Metadata | undefined) : undefined;
}

function decode(name: "google.rpc.Status" | keyof Details, bytes: Buffer): object {
  const definition = packageDefinition[name];
  const deserialize = definition !== undefined && "deserialize" in definition ? definition.deserialize : undefined;
  if (typeof deserialize !== "function") throw new Error(`${name} is not in the .proto files`);
  return deserialize(bytes);
}
