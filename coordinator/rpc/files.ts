import type { FetchFileResponse } from "../../proto/gen/fpnas/v1/FetchFileResponse.ts";
import type { UploadFileRequest__Output } from "../../proto/gen/fpnas/v1/UploadFileRequest.ts";
import type { UploadFileResponse } from "../../proto/gen/fpnas/v1/UploadFileResponse.ts";
import type { Engine } from "../scheduling/engine.ts";
import type { JobReader } from "../scheduling/job-reader.ts";
import { EngineError, invalidField } from "../scheduling/errors.ts";
import { Intake, peel, type IntakeLimits } from "./intake.ts";

const sha256Pattern = /^[0-9a-f]{64}$/;

/** Files that researchers bring. */
export class Uploads {
  private readonly intake: Intake;

  constructor(limits: IntakeLimits) {
    this.intake = new Intake(limits);
  }

  /** Receives a file and has the engine store it. Rejects as `Intake.receive`, with EngineError `invalid`, and with StorageError. */
  async receive(engine: Engine, requests: AsyncIterable<UploadFileRequest__Output>): Promise<UploadFileResponse> {
    const { first, rest } = await peel(requests);
    if (first === undefined) throw invalidField("sha256", "must be given in the first piece.");
    const sha256 = checkSha256(first.sha256);
    return await this.intake.receive(sha256, chunksOf(first, rest), async (bytes) => {
      await engine.putFile(sha256, bytes);
      return { sha256, sizeBytes: bytes.length };
    });
  }
}

/** The bytes that requests carry, in order. Throws what `rest` throws. */
export async function* chunksOf<T extends { readonly chunk: Buffer }>(
  first: T,
  rest: AsyncIterable<T>,
): AsyncGenerator<Buffer, void, undefined> {
  yield first.chunk;
  for await (const { chunk } of rest) yield chunk;
}

/** The pieces of a file, in order, each read when it is asked for. Throws EngineError `invalid` or `notFound`, and StorageError. */
export async function* fetchFile(jobs: JobReader, sha256: string): AsyncGenerator<FetchFileResponse, void, undefined> {
  const file = await jobs.getFile(checkSha256(sha256));
  if (file === null) throw new EngineError("notFound", "FILE_NOT_FOUND", `there is no file ${sha256}`);
  for await (const chunk of file.chunks()) yield { chunk };
}

/** Throws EngineError `invalid` for anything but 64 lower-case hexadecimal digits. */
export function checkSha256(sha256: string, field = "sha256"): string {
  if (!sha256Pattern.test(sha256)) throw invalidField(field, "must be 64 lower-case hexadecimal digits.");
  return sha256;
}
