import { createHash } from "node:crypto";
import { EvaluationError } from "../evaluator/evaluator.ts";
import type { Coordinator } from "./coordinator.ts";
import { patiently, type Patience } from "./patiently.ts";
import type { Timers } from "./timers.ts";

/** How many bytes of files are kept between trials. */
export const cacheBytes = 64 * 1024 * 1024;

/** Files of jobs by hash: fetched, checked, and the most recently used kept in memory. */
export class FileSource {
  readonly #coordinator: Coordinator;
  readonly #patience: Patience;
  readonly #capacityBytes: number;
  /** Least recently used first. */
  readonly #kept = new Map<string, Uint8Array>();
  #keptBytes = 0;

  constructor(coordinator: Coordinator, timers: Timers, random: () => number, capacityBytes: number = cacheBytes) {
    this.#coordinator = coordinator;
    this.#patience = { timers, random };
    this.#capacityBytes = capacityBytes;
  }

  /**
   * The bytes with this SHA-256. A coordinator that is away is tried again for about half a minute. Rejects with EvaluationError
   * `data_unavailable` where they cannot be had, have another hash, or the signal is aborted.
   */
  async fetch(sha256: string, signal: AbortSignal): Promise<Uint8Array> {
    const kept = this.#kept.get(sha256);
    if (kept !== undefined) {
      this.#kept.delete(sha256);
      this.#kept.set(sha256, kept);
      return kept;
    }
    const bytes = await this.fetchOnce(sha256, signal);
    this.#keep(sha256, bytes);
    return bytes;
  }

  /** As `fetch`, of bytes that are not needed again: they are neither looked for in memory nor kept there. */
  async fetchOnce(sha256: string, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.#download(sha256, signal);
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== sha256) {
      throw new EvaluationError("data_unavailable", `file ${sha256} arrived with another hash, ${found}`);
    }
    return bytes;
  }

  #download(sha256: string, signal: AbortSignal): Promise<Uint8Array> {
    return patiently(this.#patience, signal, () => this.#coordinator.fetchFile(sha256, signal)).catch(
      (error: unknown) => {
        throw unavailable(sha256, error);
      },
    );
  }

  #keep(sha256: string, bytes: Uint8Array): void {
    if (bytes.length > this.#capacityBytes) return;
    this.#kept.set(sha256, bytes);
    this.#keptBytes += bytes.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= this.#capacityBytes) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}

function unavailable(sha256: string, cause: unknown): EvaluationError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new EvaluationError("data_unavailable", `file ${sha256} cannot be fetched: ${why}`, { cause });
}
