import { createHash } from "node:crypto";
import type { CallOptions, requestCallback } from "@grpc/grpc-js";
import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import type { UploadFileResponse__Output } from "../proto/gen/fpnas/v1/UploadFileResponse.ts";

/** The most that one message of an upload carries. */
const chunkBytes = 1024 * 1024;

/** Sends a file in chunks and resolves with its SHA-256 once it is stored. Rejects with the call's ServiceError. Idempotent. */
export async function uploadFile(stub: SearchServiceClient, bytes: Uint8Array, options: CallOptions): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await new Promise<void>((resolve, reject) => {
    const ended: requestCallback<UploadFileResponse__Output> = (error) => (error === null ? resolve() : reject(error));
    const call = stub.uploadFile(options, ended);
    // What the callback has reported already; unheard, the event would end the process.
    call.on("error", () => undefined);
    let offset = 0;
    const sendOn = (): void => {
      let room = true;
      while (room && (offset < bytes.length || offset === 0)) {
        const chunk = bytes.subarray(offset, offset + chunkBytes);
        room = call.write(offset === 0 ? { sha256, chunk } : { chunk });
        offset += chunkBytes;
      }
      if (offset >= bytes.length) call.end();
      else call.once("drain", sendOn);
    };
    sendOn();
  });
  return sha256;
}
