import type { Logger } from "pino";
import { StorageError, type Storage } from "../storage/storage.ts";
import { answersKeptMs } from "./requests.ts";

/** Small, so that no commit waits long behind it; and often enough for some twenty requests a second, day and night. */
const batch = { requests: 200, everyMs: 10_000 };

/** Forgets answers to requests once nobody may rely on them any more, a batch at a time. */
export class RequestPruner {
  private readonly storage: Storage;
  private readonly logger: Logger;
  private lastMs = -Infinity;
  private running: Promise<void> | null = null;

  constructor(storage: Storage, logger: Logger) {
    this.storage = storage;
    this.logger = logger;
  }

  /** To be called now and then. Does nothing while a batch is under way, or shortly after one. */
  sweep(nowMs: number): void {
    // The clock may have been set back.
    if (this.running !== null || Math.abs(nowMs - this.lastMs) < batch.everyMs) return;
    this.lastMs = nowMs;
    this.running = this.prune(nowMs).finally(() => (this.running = null));
  }

  /** Resolves when no batch is under way. Never rejects. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async prune(nowMs: number): Promise<void> {
    try {
      await this.storage.forgetRequests(nowMs - answersKeptMs, batch.requests);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // Whoever has a commit to make hears of it, too; here there is no hurry.
      this.logger.warn({ err: error }, "old requests could not be forgotten");
    }
  }
}
