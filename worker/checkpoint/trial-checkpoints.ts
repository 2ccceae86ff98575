import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Coordinator } from "../client/coordinator.ts";
import type { FileSource } from "../client/file-source.ts";
import type { Lease } from "../client/lease.ts";
import type { Timers } from "../client/timers.ts";
import type { Checkpoints, TakenCheckpoint } from "./checkpoints.ts";

/** How long an evaluation goes on from one checkpoint to the next, and to the first: a shorter one costs no checkpoint at all. */
export const checkpointIntervalMs = 30_000;
/** How long a stopping worker tries to leave a last checkpoint. */
export const lastCheckpointMs = 2_500;

/** What the checkpoints of a worker need. */
export interface CheckpointPorts {
  readonly workerId: string;
  readonly coordinator: Coordinator;
  readonly files: FileSource;
  readonly timers: Timers;
  readonly logger: Logger;
}

/**
 * The checkpoints of one lease.
 *
 *     closed --offer()--> waiting --30 s--> saving --stored, stale or failed--> waiting
 *        ^                   |                 |
 *        +----withdrawn------+-----------------+        any --end()--> ended
 *
 * One at a time. A checkpoint that cannot be taken or stored is logged, and nothing else comes of it.
 */
export class TrialCheckpoints implements Checkpoints {
  readonly #lease: Lease;
  readonly #ports: CheckpointPorts;
  readonly #evaluation: AbortSignal;
  readonly #ended = new AbortController();
  #take: (() => Promise<TakenCheckpoint>) | null = null;
  #cancelTimer: () => void = () => undefined;
  #saving: Promise<void> = Promise.resolve();
  #last: Promise<void> | null = null;
  /** The step that the coordinator has a checkpoint of. */
  #storedStep = 0;

  /** `evaluation` is the signal that ends it. */
  constructor(lease: Lease, ports: CheckpointPorts, evaluation: AbortSignal) {
    this.#lease = lease;
    this.#ports = { ...ports, logger: ports.logger.child({ ...lease.key }) };
    this.#evaluation = evaluation;
    evaluation.addEventListener("abort", () => this.#cutShort(), { once: true });
  }

  async resume<T extends { readonly step: number }>(read: (bytes: Uint8Array) => T): Promise<T | null> {
    const { checkpoint } = this.#lease;
    if (checkpoint === null) return null;
    const { files, logger } = this.#ports;
    try {
      const saved = read(await files.fetchOnce(checkpoint.sha256, this.#evaluation));
      this.#storedStep = saved.step;
      logger.info({ step: saved.step }, "going on from a checkpoint");
      return saved;
    } catch (error) {
      this.#evaluation.throwIfAborted();
      logger.warn({ err: error, step: checkpoint.step }, "the checkpoint cannot be used, beginning anew");
      return null;
    }
  }

  offer(take: () => Promise<TakenCheckpoint>): () => void {
    this.#take = take;
    this.#wait();
    return () => {
      this.#take = null;
      this.#cancelTimer();
    };
  }

  /**
   * Has one last checkpoint saved, after the one under way; calls `taken` when the evaluation is no longer needed for it. Null where the
   * evaluation offers none; else resolves when it is durable, has failed or is no longer needed, and after `lastCheckpointMs`. Never rejects.
   */
  saveLast(taken: () => void): Promise<void> | null {
    const take = this.#take;
    if (take === null) return null;
    this.#cancelTimer();
    const { timers, logger } = this.#ports;
    const saved = this.#saving.then(() => this.#save(take, taken));
    this.#last = new Promise((resolve) => {
      const giveUp = timers.after(lastCheckpointMs, () => {
        logger.warn("no last checkpoint could be stored in time");
        this.#ended.abort(new Error("the worker is stopping"));
      });
      const done = (): void => {
        giveUp();
        resolve();
      };
      this.#ended.signal.addEventListener("abort", done, { once: true });
      void saved.then(done);
    });
    return this.#last;
  }

  /**
   * The evaluation has ended: gives up what is under way, at once, and returns null. Where it was cut short for a last checkpoint, that is
   * waited for instead. Never rejects.
   */
  end(): Promise<void> | null {
    this.#take = null;
    this.#cancelTimer();
    if (this.#evaluation.aborted && this.#last !== null) return this.#last;
    this.#ended.abort(new Error("the evaluation has ended"));
    return null;
  }

  /** Nothing more is taken; what was taken last may still be sent. */
  #cutShort(): void {
    this.#cancelTimer();
    if (this.#last === null) this.#ended.abort(new Error("the evaluation was aborted"));
  }

  #wait(): void {
    this.#cancelTimer = this.#ports.timers.after(checkpointIntervalMs, () => {
      const take = this.#take;
      if (take === null) return;
      this.#saving = this.#save(take, () => undefined).then(() => {
        if (this.#take !== null && this.#last === null && !this.#evaluation.aborted) this.#wait();
      });
    });
  }

  async #save(take: () => Promise<TakenCheckpoint>, taken: () => void): Promise<void> {
    const { workerId, coordinator, logger } = this.#ports;
    const { signal } = this.#ended;
    try {
      const { step, bytes } = await take();
      taken();
      if (step === this.#storedStep || signal.aborted) return;
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const header = { workerId, key: this.#lease.key, checkpoint: { sha256, step, sizeBytes: bytes.length } };
      const verdict = await coordinator.putCheckpoint(header, bytes, signal);
      if (verdict === "stored") this.#storedStep = step;
      logger.info({ step, bytes: bytes.length, verdict }, "checkpoint sent");
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, "no checkpoint could be stored, going on without");
    }
  }
}
