import type { CheckpointFiles } from "./checkpoint-files.ts";
import { EngineError, notLeader } from "./errors.ts";
import type { JobBook } from "./job-book.ts";
import { brought, type BroughtFile } from "./trial-checkpoint.ts";
import type { LeaseKey } from "./worker-session.ts";

/** A checkpoint, or trained weights, that a worker brings. */
export type CheckpointUpload = BroughtFile & {
  readonly workerId: string;
  /** The lease under which it was made. */
  readonly key: LeaseKey;
  /** Hands over its bytes, checked against the hash, and gives what `use` does. Not called where the lease is not open. */
  readonly receive: (use: (bytes: Uint8Array) => Promise<CheckpointVerdict>) => Promise<CheckpointVerdict>;
};

/** What became of a checkpoint (PutCheckpointResponse.Verdict). */
export type CheckpointVerdict = "stored" | "stale";

/** Where workers bring checkpoints and trained weights. */
export class CheckpointDesk {
  private readonly jobs: JobBook;
  private readonly files: CheckpointFiles;
  private readonly ending: AbortSignal;
  /** Leases of which a checkpoint is coming in. */
  private readonly underWay = new Set<string>();

  /** `ending` is aborted once nothing more may be written. */
  constructor(jobs: JobBook, files: CheckpointFiles, ending: AbortSignal) {
    this.jobs = jobs;
    this.files = files;
    this.ending = ending;
  }

  /**
   * Stores a checkpoint, or weights, and has its trial refer to it; resolves when both are durable, or at once where the lease is not open. What is
   * received of a lease that ends meanwhile has no effect. Rejects with EngineError `resourceExhausted` while another of the lease is
   * coming in or `unavailable`, with StorageError, and with what `receive` does.
   */
  async put(upload: CheckpointUpload): Promise<CheckpointVerdict> {
    const { workerId, key, receive } = upload;
    const lease = `${key.job} ${key.trial} ${key.token}`;
    if (this.underWay.has(lease)) {
      const message = "another checkpoint of this lease is coming in";
      throw new EngineError("resourceExhausted", "CHECKPOINT_UNDER_WAY", message);
    }
    this.underWay.add(lease);
    try {
      if (!this.isHeld(key, workerId)) return "stale";
      return await receive((bytes) => this.store(upload, bytes));
    } finally {
      this.underWay.delete(lease);
    }
  }

  private isHeld({ job, trial, token }: LeaseKey, workerId: string): boolean {
    const lease = this.jobs.get(job)?.job.leases.get(trial);
    return lease?.token === token && lease.workerId === workerId;
  }

  private async store(file: CheckpointUpload, bytes: Uint8Array): Promise<CheckpointVerdict> {
    const { workerId, key } = file;
    if (!this.isHeld(key, workerId)) return "stale";
    const { sha256 } = brought(file);
    try {
      await this.files.put(sha256, bytes);
      if (this.ending.aborted) throw notLeader(null);
      const runner = this.jobs.get(key.job);
      if (runner === undefined) return "stale";
      return await new Promise((resolve, reject) =>
        runner.post({ type: "checkpoint", workerId, key, file, resolve, reject }),
      );
    } finally {
      this.files.release(sha256);
    }
  }
}
