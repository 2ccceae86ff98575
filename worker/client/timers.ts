import { performance } from "node:perf_hooks";

/** The passing of time, as a port: tests let it pass by hand. */
export interface Timers {
  /** Milliseconds since some beginning, with fractions; it never goes back. */
  readonly nowMs: number;
  /** Runs once after the delay; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs once all that is ready now has run. */
  soon(run: () => void): void;
}

/** The longest delay that setTimeout takes; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/** Node's timers. */
export const systemTimers: Timers = {
  get nowMs() {
    return performance.now();
  },
  after(delayMs, run) {
    let remainingMs = delayMs;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const partMs = Math.min(remainingMs, maxDelayMs);
      remainingMs -= partMs;
      timer = setTimeout(() => (remainingMs > 0 ? arm() : run()), partMs);
    };
    arm();
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};

/** Resolves after the delay; rejects with the signal's reason when it is aborted before. */
export function wait(timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel();
      reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    };
    const cancel = timers.after(delayMs, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
