import { createHash } from "node:crypto";
import type { FetchFileResponse } from "../../proto/gen/fpnas/v1/FetchFileResponse.ts";
import type { UploadFileRequest__Output } from "../../proto/gen/fpnas/v1/UploadFileRequest.ts";
import type { UploadFileResponse } from "../../proto/gen/fpnas/v1/UploadFileResponse.ts";
import type { Engine } from "../scheduling/engine.ts";
import type { JobReader } from "../scheduling/job-reader.ts";
import { EngineError, invalidField } from "../scheduling/errors.ts";

/** Bytes of one piece on the wire. */
export const chunkBytes = 2 ** 20;

/** Bytes of the longest file. */
const maxFileBytes = 256 * 2 ** 20;

const sha256Pattern = /^[0-9a-f]{64}$/;

/** How much uploads may take. */
export interface UploadLimits {
  /** Of one file. */
  readonly fileBytes: number;
  /** Of all files that are coming in: what has come of a file stays in memory until its hash is known. */
  readonly heldBytes: number;
}

export const uploadLimits: UploadLimits = { fileBytes: maxFileBytes, heldBytes: 2 * maxFileBytes };

/** Files that are coming in. */
export class Uploads {
  private readonly limits: UploadLimits;
  private heldBytes = 0;

  constructor(limits: UploadLimits) {
    this.limits = limits;
  }

  /**
   * Gathers a file, checks its hash and has the engine store it. Rejects with EngineError `invalid` or `resourceExhausted`, as soon as it is clear,
   * with StorageError, and with what `requests` throws; whatever comes of it, nothing of the file is held afterwards.
   */
  async receive(engine: Engine, requests: AsyncIterable<UploadFileRequest__Output>): Promise<UploadFileResponse> {
    const hash = createHash("sha256");
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let claimed: string | null = null;
    try {
      for await (const { sha256, chunk } of requests) {
        claimed ??= checkSha256(sha256);
        if (chunk.length > chunkBytes) throw invalidField("chunk", `must have at most ${chunkBytes} bytes.`);
        sizeBytes += chunk.length;
        this.heldBytes += chunk.length;
        this.checkLimits(sizeBytes);
        hash.update(chunk);
        chunks.push(chunk);
      }
      if (claimed === null) throw invalidField("sha256", "must be given in the first piece.");
      const sha256 = hash.digest("hex");
      if (sha256 !== claimed) {
        throw invalidField("sha256", `does not match the bytes received, whose hash is ${sha256}.`);
      }
      await engine.putFile(sha256, Buffer.concat(chunks));
      return { sha256, sizeBytes };
    } finally {
      this.heldBytes -= sizeBytes;
    }
  }

  private checkLimits(sizeBytes: number): void {
    const { fileBytes, heldBytes } = this.limits;
    if (sizeBytes > fileBytes) {
      throw new EngineError("resourceExhausted", "FILE_TOO_LARGE", `a file may have at most ${fileBytes} bytes`);
    }
    if (this.heldBytes > heldBytes) {
      const message = "too many files are being uploaded at once: try again later";
      throw new EngineError("resourceExhausted", "TOO_MANY_UPLOADS", message);
    }
  }
}

/** The pieces of a file, in order. Throws EngineError `invalid` or `notFound`, and StorageError. */
export async function* fetchFile(jobs: JobReader, sha256: string): AsyncGenerator<FetchFileResponse, void, undefined> {
  const bytes = await jobs.getFile(checkSha256(sha256));
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
