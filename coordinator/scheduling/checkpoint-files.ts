import type { Logger } from "pino";
import type { Storage, TrialRecord } from "../storage/storage.ts";
import { filesOfTrial } from "./trial-checkpoint.ts";

/**
 * The files of checkpoints, and of trained weights until their trial has ended: each is kept for as long as an open trial or an upload refers
 * to it, and dropped when the last one no longer does, unless a commit has kept it for good. A file that cannot be dropped is logged, and goes at the next start.
 */
export class CheckpointFiles {
  private readonly storage: Storage;
  private readonly logger: Logger;
  /** How many refer to each hash. */
  private readonly references = new Map<string, number>();

  constructor(storage: Storage, logger: Logger) {
    this.storage = storage;
    this.logger = logger;
  }

  /** Stores a file that is referred to until `release`. Rejects with StorageError; it must be released then, too. */
  async put(sha256: string, bytes: Uint8Array): Promise<void> {
    this.retain(sha256);
    await this.storage.putCheckpointFile(sha256, bytes);
  }

  release(sha256: string): void {
    const left = (this.references.get(sha256) ?? 0) - 1;
    if (left > 0) this.references.set(sha256, left);
    else {
      this.references.delete(sha256);
      void this.drop(sha256);
    }
  }

  /** A trial's row has been replaced: what the former one refers to, and the new one does not, is let go. */
  follow(before: TrialRecord | undefined, after: TrialRecord): void {
    if ((before?.checkpointJson ?? null) === after.checkpointJson) return;
    for (const sha256 of filesOfTrial(after)) this.retain(sha256);
    for (const sha256 of before === undefined ? [] : filesOfTrial(before)) this.release(sha256);
  }

  /** Drops what nothing refers to: left by a process that ended between storing a file and referring to it, or not. Rejects with StorageError. */
  async dropLoose(): Promise<void> {
    for (const sha256 of await this.storage.checkpointFiles()) {
      if (!this.references.has(sha256)) await this.drop(sha256);
    }
  }

  private retain(sha256: string): void {
    this.references.set(sha256, (this.references.get(sha256) ?? 0) + 1);
  }

  private async drop(sha256: string): Promise<void> {
    try {
      await this.storage.dropCheckpointFile(sha256);
    } catch (error) {
      this.logger.warn({ err: error, sha256 }, "the file of a checkpoint could not be dropped");
    }
  }
}
