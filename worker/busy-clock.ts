import type { Timers } from "./client/timers.ts";

/**
 * How long one evaluation computes: running from its making on, standing while the evaluation waits for others, stopped for good once it has
 * computed all and only sends.
 */
export class BusyClock {
  readonly #timers: Pick<Timers, "nowMs">;
  #sinceMs: number;
  #busyMs = 0;
  #waits = 0;
  #isStopped = false;

  constructor(timers: Pick<Timers, "nowMs">) {
    this.#timers = timers;
    this.#sinceMs = timers.nowMs;
  }

  /** Stands until what is waited for has come. Settles as it does. */
  async wait<T>(what: Promise<T>): Promise<T> {
    this.#mark();
    this.#waits += 1;
    try {
      return await what;
    } finally {
      this.#mark();
      this.#waits -= 1;
    }
  }

  /** Idempotent. */
  stop(): void {
    this.#mark();
    this.#isStopped = true;
  }

  /** Up to the last change. */
  get seconds(): number {
    return this.#busyMs / 1000;
  }

  #mark(): void {
    const { nowMs } = this.#timers;
    if (this.#waits === 0 && !this.#isStopped) this.#busyMs += nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
  }
}
