import { createHash } from "node:crypto";
import { EngineError, invalidField } from "../scheduling/errors.ts";

/** Bytes of one piece on the wire. */
export const chunkBytes = 2 ** 20;

/** Bytes of the longest file. */
const maxFileBytes = 256 * 2 ** 20;

/** How much may come in. */
export interface IntakeLimits {
  /** Of one file. */
  readonly fileBytes: number;
  /** Of all files that are coming in: what has come of a file stays in memory until its hash is known. */
  readonly heldBytes: number;
}

export const intakeLimits: IntakeLimits = { fileBytes: maxFileBytes, heldBytes: 2 * maxFileBytes };

/** Files that are coming in, from many callers at once. */
export class Intake {
  private readonly limits: IntakeLimits;
  private heldBytes = 0;

  constructor(limits: IntakeLimits) {
    this.limits = limits;
  }

  /**
   * Gathers the pieces of a file, checks its hash and hands it to `use`, whose result it gives. Rejects with EngineError `invalid` or
   * `resourceExhausted`, as soon as it is clear, and with what `pieces` and `use` throw; whatever comes of it, nothing of the file is held
   * afterwards.
   */
  async receive<T>(sha256: string, pieces: AsyncIterable<Buffer>, use: (bytes: Buffer) => Promise<T>): Promise<T> {
    const hash = createHash("sha256");
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    try {
      for await (const chunk of pieces) {
        if (chunk.length > chunkBytes) throw invalidField("chunk", `must have at most ${chunkBytes} bytes.`);
        sizeBytes += chunk.length;
        this.heldBytes += chunk.length;
        this.checkLimits(sizeBytes);
        hash.update(chunk);
        chunks.push(chunk);
      }
      const found = hash.digest("hex");
      if (found !== sha256) throw invalidField("sha256", `does not match the bytes received, whose hash is ${found}.`);
      return await use(Buffer.concat(chunks));
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

/** The first of some requests, undefined where none comes, and those after it. */
export async function peel<T>(
  requests: AsyncIterable<T>,
): Promise<{ readonly first: T | undefined; readonly rest: AsyncIterable<T> }> {
  const iterator = requests[Symbol.asyncIterator]();
  const next = await iterator.next();
  return { first: next.done === true ? undefined : next.value, rest: { [Symbol.asyncIterator]: () => iterator } };
}
