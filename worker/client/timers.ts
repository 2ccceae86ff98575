/** The passing of time, as a port: tests let it pass by hand. */
export interface Timers {
  /** Runs once after the delay; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs once all that is ready now has run. */
  soon(run: () => void): void;
}

/** Node's timers. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
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
