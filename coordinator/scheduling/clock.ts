/** A timer that has not fired yet. */
export interface Timer {
  /** Keeps the timer from firing. Idempotent, also after it has fired. */
  cancel(): void;
}

/** Where the engine's time comes from; a test's clock stands still until it is told to move. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `run` once, after `delayMs` (any non-negative number) at the earliest. */
  setTimer(delayMs: number, run: () => void): Timer;
}

/** The longest delay that setTimeout takes; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, run) {
    let remainingMs = delayMs;
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const partMs = Math.min(remainingMs, maxDelayMs);
      remainingMs -= partMs;
      handle = setTimeout(() => (remainingMs > 0 ? arm() : run()), partMs);
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `delayMs`, or at once when the signal aborts. Never rejects. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = clock.setTimer(delayMs, done);
    signal.addEventListener("abort", done, { once: true });
  });
}
