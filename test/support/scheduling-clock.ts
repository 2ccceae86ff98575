import type { Clock, Timer } from "../../coordinator/scheduling/clock.ts";

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  private nowMs: number;
  private readonly timers = new Set<{ dueMs: number; readonly run: () => void }>();

  constructor(nowMs = 1_700_000_000_000) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const timer = { dueMs: this.nowMs + delayMs, run };
    this.timers.add(timer);
    return { cancel: () => this.timers.delete(timer) };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Moves the time and fires what becomes due, in order, each at its own time. */
  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      this.timers.delete(next);
      next.run();
    }
    this.nowMs = endMs;
  }

  /** Moves the time without firing anything, as while a process stands still; what is due fires at the next `advance`. */
  freeze(ms: number): void {
    this.nowMs += ms;
  }

  /** Sets the time, forward or back, while no time passes: what is due comes no sooner and no later. */
  set(ms: number): void {
    for (const timer of this.timers) timer.dueMs += ms;
    this.nowMs += ms;
  }
}

/** Resolves once the condition holds; rejects where it still does not after very many turns of the event loop. */
export async function until(condition: () => boolean, what = "the condition"): Promise<void> {
  for (let turn = 0; turn < 100_000; turn += 1) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`${what} never held`);
}

/** Lets everything that is ready happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
