import type { Clock, Timer } from "./clock.ts";

/** Calls `sweep` at a fixed interval until it is stopped. */
export class Sweeper {
  private readonly clock: Clock;
  private readonly intervalMs: number;
  private readonly sweep: (lateMs: number) => void;
  private timer: Timer;

  /**
   * `sweep` is told by how much it comes late by the clock: this process stood still that long and heard nobody, or the clock was set,
   * back where the number is negative.
   */
  constructor(clock: Clock, intervalMs: number, sweep: (lateMs: number) => void) {
    this.clock = clock;
    this.intervalMs = intervalMs;
    this.sweep = sweep;
    this.timer = this.arm();
  }

  stop(): void {
    this.timer.cancel();
  }

  private arm(): Timer {
    const dueMs = this.clock.now() + this.intervalMs;
    return this.clock.setTimer(this.intervalMs, () => {
      this.timer = this.arm();
      this.sweep(this.clock.now() - dueMs);
    });
  }
}
