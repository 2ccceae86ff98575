import { deferred } from "./deferred.ts";
import type { Deferred } from "./deferred.ts";
import type { HeldLock, LeaderLock } from "./leader-lock.ts";

/** A lock between the stores of one process, given out in the order it was asked for. */
export class LocalLeaderLock implements LeaderLock {
  #holder: Deferred<Error> | null = null;
  readonly #waiting: (() => void)[] = [];

  acquire(signal: AbortSignal): Promise<HeldLock> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const take = () => {
        signal.removeEventListener("abort", giveUp);
        resolve(this.#hold());
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(signal.reason as Error);
      };
      if (this.#holder === null) {
        take();
        return;
      }
      this.#waiting.push(take);
      signal.addEventListener("abort", giveUp);
    });
  }

  isHeld(): Promise<boolean> {
    return Promise.resolve(this.#holder !== null);
  }

  /** Takes the lock from who holds it, for the next one to have. */
  break(cause: Error): void {
    this.#holder?.resolve(cause);
    this.#free();
  }

  #hold(): HeldLock {
    const holder = deferred<Error>();
    this.#holder = holder;
    const release = () => {
      if (this.#holder === holder) this.#free();
      return Promise.resolve();
    };
    return { lost: holder.promise, release };
  }

  #free(): void {
    this.#holder = null;
    this.#waiting.shift()?.();
  }
}
