import type { Logger } from "pino";
import { BusyClock } from "./busy-clock.ts";
import type { Coordinator, Registration } from "./client/coordinator.ts";
import type { FileSource } from "./client/file-source.ts";
import { failed, type Lease, type LeaseKey, type WorkResponse } from "./client/lease.ts";
import { Link } from "./client/link.ts";
import type { Timers } from "./client/timers.ts";
import type { Evaluator } from "./evaluator/evaluator.ts";
import { evaluate } from "./runner-evaluation.ts";
import { openLeaseContext, type LeaseContext } from "./lease-context.ts";
import { keyText, LeaseBook } from "./runner-leases.ts";

/** How long an aborted evaluation may go on before the worker counts as stuck. */
export const abortGraceMs = 30_000;
/** How long a stopping worker waits for its evaluation to end and for its outcomes to be acknowledged. */
export const stopGraceMs = 3_000;

export interface RunnerConfig {
  readonly registration: Registration;
  readonly evaluators: readonly Evaluator[];
  readonly coordinator: Coordinator;
  readonly files: FileSource;
  readonly timers: Timers;
  /** Uniform from 0 to below 1. */
  readonly random: () => number;
  readonly logger: Logger;
}

/** An evaluation that has begun and not ended. */
interface UnderWay {
  readonly context: LeaseContext;
  /** It only sends from now on, as soon as it may. */
  hasComputed: boolean;
  isSending: boolean;
  readonly cancelLimit: () => void;
  cancelStuck: () => void;
}

/**
 * The worker's loop: takes leases, evaluates them one after the other (while one sends what it has computed, the next begins), reports how
 * they ended.
 *
 *     idle --start()--> running --stop()--> draining --last checkpoint, settled, acknowledged, or 5.5 s--> ended
 *                          |                                                                 ^
 *                          +---- refused by the coordinator, or an evaluator is stuck -------+   (`done` rejects)
 *
 * Three machines beside each other, each with its chart: the connection (client/link.ts), the leases and outcomes (runner-leases.ts),
 * and this one. They meet in few places: a new stream begins with all that the book holds; a response goes into the book; a heartbeat
 * renews what the book holds; when an evaluation ends, its result goes into the book and the next one starts. A broken connection
 * stops none of this: evaluations go on, and what they owe is sent when it is back, there to be judged by token.
 */
export class Runner {
  /** Resolves after `stop`; rejects where the worker cannot go on. */
  readonly done: Promise<void>;
  readonly #config: RunnerConfig;
  readonly #book: LeaseBook;
  readonly #link: Link;
  #phase: "idle" | "running" | "draining" | "ended" = "idle";
  /** Of evaluations that have not ended, in order of starting. */
  readonly #underWay = new Map<string, UnderWay>();
  /** Of leases that wait and have been prepared. */
  readonly #prepared = new Map<string, LeaseContext>();
  #flushing = false;
  #stopped: Promise<void> | undefined;
  #quiet: (() => void) | undefined;
  #resolveDone: () => void = () => undefined;
  #rejectDone: (error: Error) => void = () => undefined;

  constructor(config: RunnerConfig) {
    this.#config = config;
    this.#book = new LeaseBook(config.evaluators.map(({ name }) => name));
    this.#link = new Link(
      config.coordinator,
      config.registration,
      {
        opened: () => this.#book.firstRequest(),
        received: (response) => this.#receive(response),
        heartbeat: () => this.#renew(),
        broke: () => this.#tellQuiet(),
        refused: (error) => void this.#fail(error),
      },
      config,
    );
    this.done = new Promise((resolve, reject) => {
      this.#resolveDone = resolve;
      this.#rejectDone = reject;
    });
  }

  /** Connects and works until stopped; to be called once. */
  start(): void {
    this.#phase = "running";
    this.#link.start();
  }

  /**
   * Gives the running evaluation and all waiting leases back as `preempted`, then closes the stream. That happens at once, but for a running
   * evaluation that has checkpoints taken: it is cut short at once, and given back when its last checkpoint is stored or cannot be. Resolves
   * within a few seconds even where an evaluator does not end or the coordinator does not answer. Idempotent, never rejects.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#phase === "ended" ? Promise.resolve() : this.#drain();
    return this.#stopped;
  }

  async #drain(): Promise<void> {
    this.#phase = "draining";
    this.#book.drain();
    this.#prepareWaiting();
    // The one that computes; another only sends.
    const running = [...this.#underWay.values()].at(-1);
    const lastCheckpoint = running?.context.checkpoints.saveLast(() => running.context.abort.abort()) ?? null;
    if (lastCheckpoint !== null) {
      this.#flush();
      await lastCheckpoint;
    }
    this.#book.giveBack();
    this.#abortAll();
    this.#flush();
    await this.#untilQuiet();
    if (this.#book.isOccupied) this.#config.logger.warn("the evaluation under way did not end in time");
    await this.#end();
    this.#resolveDone();
  }

  async #fail(error: Error): Promise<void> {
    if (this.#phase === "ended") return;
    this.#config.logger.error({ err: error }, "the worker cannot go on");
    this.#book.drain();
    this.#prepareWaiting();
    this.#abortAll();
    this.#flush();
    await this.#end();
    this.#rejectDone(error);
  }

  async #end(): Promise<void> {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    for (const { cancelLimit, cancelStuck } of this.#underWay.values()) {
      cancelLimit();
      cancelStuck();
    }
    await this.#link.close();
    this.#config.coordinator.close();
  }

  /** Until the slot is free and, as long as there is somebody to tell, nothing is owed; at most `stopGraceMs`. */
  async #untilQuiet(): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#config.timers.after(stopGraceMs, resolve);
      this.#quiet = () => {
        cancel();
        resolve();
      };
      this.#tellQuiet();
    });
    this.#quiet = undefined;
  }

  #tellQuiet(): void {
    if (!this.#book.isOccupied && !(this.#link.isOpen && this.#book.owesOutcomes)) this.#quiet?.();
  }

  #receive(response: WorkResponse): void {
    for (const { key, verdict } of response.acks) {
      if (verdict !== "accepted") this.#config.logger.warn({ ...key, verdict }, "an outcome had no effect");
      this.#book.acknowledge(key);
    }
    for (const key of response.revoked) {
      if (this.#book.revoke(key)) this.#abandon(key);
    }
    for (const outcome of response.unreadable) this.#book.receiveEnded(outcome);
    for (const lease of response.leases) this.#book.receive(lease);
    this.#startNext();
    this.#prepareWaiting();
    this.#flushSoon();
    this.#tellQuiet();
  }

  /** Has evaluators prepare the leases that wait, and ends what was begun for those that wait no more. */
  #prepareWaiting(): void {
    const { waiting } = this.#book;
    const keys = new Set(waiting.map(({ key }) => keyText(key)));
    for (const [text, { abort }] of this.#prepared) {
      if (keys.has(text)) continue;
      this.#prepared.delete(text);
      abort.abort();
    }
    for (const lease of waiting) {
      const text = keyText(lease.key);
      const evaluator = this.#config.evaluators.find(({ name }) => name === lease.evaluation.type);
      if (evaluator?.prepare === undefined || this.#prepared.has(text)) continue;
      const context = this.#open(lease);
      this.#prepared.set(text, context);
      evaluator.prepare(lease.network, lease.evaluation, context.evaluation);
    }
  }

  #open(lease: Lease): LeaseContext {
    return openLeaseContext(lease, { ...this.#config, workerId: this.#config.registration.workerId });
  }

  #startNext(): void {
    if (this.#phase === "ended") return;
    const lease = this.#book.start();
    if (lease !== null) void this.#evaluate(lease);
  }

  async #evaluate(lease: Lease): Promise<void> {
    const { evaluators, logger, timers } = this.#config;
    const text = keyText(lease.key);
    const context = this.#prepared.get(text) ?? this.#open(lease);
    this.#prepared.delete(text);
    const busy = new BusyClock(timers);
    const work: UnderWay = { context, ...{ hasComputed: false, isSending: false }, ...this.#limits(lease) };
    this.#underWay.set(text, work);
    context.begin(busy, () => {
      busy.stop();
      work.hasComputed = true;
      this.#sendOn();
    });
    logger.debug({ ...lease.key, evaluator: lease.evaluation.type }, "evaluation started");
    const result = await evaluate(lease, evaluators, context.evaluation);
    busy.stop();
    logger.debug({ ...lease.key, result }, "evaluation ended");
    work.cancelLimit();
    const lastCheckpoint = context.checkpoints.end();
    if (lastCheckpoint !== null) await lastCheckpoint;
    work.cancelStuck();
    this.#underWay.delete(text);
    if (work.isSending) this.#book.settleSent(result, busy.seconds);
    else this.#book.settle(result, busy.seconds);
    this.#startNext();
    this.#sendOn();
    this.#flushSoon();
    this.#tellQuiet();
  }

  /** Has the next evaluation begin beside one that has computed and only sends, unless another one sends already. */
  #sendOn(): void {
    for (const work of this.#underWay.values()) {
      if (!work.hasComputed || work.isSending || !this.#book.send()) continue;
      work.isSending = true;
      this.#startNext();
      this.#flushSoon();
    }
  }

  /** Ends the evaluation that begins now once its time limit has passed; returns what cancels that. */
  #limits({ key, evaluation: { timeLimitMs } }: Lease): Pick<UnderWay, "cancelLimit" | "cancelStuck"> {
    const none = { cancelLimit: () => undefined, cancelStuck: () => undefined };
    if (timeLimitMs === undefined) return none;
    const cancelLimit = this.#config.timers.after(timeLimitMs, () => {
      const outcome = failed("timed_out", `the evaluation took longer than ${timeLimitMs / 1_000} s`);
      if (!this.#book.giveUp(key, outcome)) return;
      this.#config.logger.warn({ ...key, timeLimitMs }, "the evaluation ran past its time limit");
      this.#abandon(key);
      this.#flush();
    });
    return { ...none, cancelLimit };
  }

  /** Aborts an evaluation under way, whose lease is gone or given up. */
  #abandon(key: LeaseKey): void {
    const work = this.#underWay.get(keyText(key));
    if (work === undefined) return;
    work.context.abort.abort();
    work.cancelStuck = this.#config.timers.after(abortGraceMs, () => {
      void this.#fail(new Error(`the evaluator went on for ${abortGraceMs / 1_000} s after it was told to end`));
    });
  }

  #abortAll(): void {
    for (const { context } of this.#underWay.values()) context.abort.abort();
  }

  #renew(): void {
    const renewals = this.#book.held;
    if (renewals.length > 0) this.#link.send({ renewals });
  }

  /** Many outcomes of one turn of the event loop go out as one request. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#config.timers.soon(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.#link.isOpen || this.#phase === "ended") return;
    const request = this.#book.nextRequest();
    if (request !== null) this.#link.send(request);
  }
}
