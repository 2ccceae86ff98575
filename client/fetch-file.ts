import { createHash } from "node:crypto";
import type { CallOptions } from "@grpc/grpc-js";
import type { FetchFileResponse__Output } from "../proto/gen/fpnas/v1/FetchFileResponse.ts";
import type { WorkerServiceClient } from "../proto/gen/fpnas/v1/WorkerService.ts";
import { FpnasError } from "./errors.ts";

/** The bytes with this SHA-256. Rejects with the call's ServiceError, and with FpnasError `internal` where others arrive. */
export async function fetchFile(stub: WorkerServiceClient, sha256: string, options: CallOptions): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  const call = stub.fetchFile({ sha256 }, options);
  for await (const { chunk } of call as AsyncIterable<FetchFileResponse__Output>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) throw new FpnasError("internal", `File ${sha256} arrived with another hash, ${found}.`);
  return bytes;
}
