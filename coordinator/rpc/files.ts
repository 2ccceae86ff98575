import { createHash } from "node:crypto";
import type { FetchFileResponse } from "../../proto/gen/fpnas/v1/FetchFileResponse.ts";
import type { UploadFileRequest__Output } from "../../proto/gen/fpnas/v1/UploadFileRequest.ts";
import type { UploadFileResponse } from "../../proto/gen/fpnas/v1/UploadFileResponse.ts";
import type { Engine } from "../scheduling/engine.ts";
import { EngineError, invalidField } from "../scheduling/errors.ts";

/** Bytes of one piece on the wire. */
export const chunkBytes = 2 ** 20;

/** Bytes of the longest file. */
export const maxFileBytes = 256 * 2 ** 20;

const sha256Pattern = /^[0-9a-f]{64}$/;

/**
 * Gathers a file, checks its hash and stores it. Rejects with EngineError `invalid` or `resourceExhausted`, as soon as it is clear, and
 * with StorageError.
 */
export async function uploadFile(
  engine: Engine,
  requests: AsyncIterable<UploadFileRequest__Output>,
  maxBytes = maxFileBytes,
): Promise<UploadFileResponse> {
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let claimed: string | null = null;
  for await (const { sha256, chunk } of requests) {
    claimed ??= checkSha256(sha256);
    if (chunk.length > chunkBytes) throw invalidField("chunk", `must have at most ${chunkBytes} bytes.`);
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      throw new EngineError("resourceExhausted", "FILE_TOO_LARGE", `a file may have at most ${maxBytes} bytes`);
    }
    hash.update(chunk);
    chunks.push(chunk);
  }
  if (claimed === null) throw invalidField("sha256", "must be given in the first piece.");
  const sha256 = hash.digest("hex");
  if (sha256 !== claimed) throw invalidField("sha256", `does not match the bytes received, whose hash is ${sha256}.`);
  await engine.putFile(sha256, Buffer.concat(chunks));
  return { sha256, sizeBytes };
}

/** The pieces of a file, in order. Throws EngineError `invalid` or `notFound`, and StorageError. */
export async function* fetchFile(engine: Engine, sha256: string): AsyncGenerator<FetchFileResponse, void, undefined> {
  const bytes = await engine.getFile(checkSha256(sha256));
  if (bytes === null) throw new EngineError("notFound", "FILE_NOT_FOUND", `there is no file ${sha256}`);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    yield { chunk: bytes.subarray(start, start + chunkBytes) };
  }
}

/** Throws EngineError `invalid` for anything but 64 lower-case hexadecimal digits. */
export function checkSha256(sha256: string, field = "sha256"): string {
  if (!sha256Pattern.test(sha256)) throw invalidField(field, "must be 64 lower-case hexadecimal digits.");
  return sha256;
}
