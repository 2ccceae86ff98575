import { Dice } from "./dice.ts";
import { EventQueue, type Due } from "./event-queue.ts";
import { settle } from "./settle.ts";
import { Trace } from "./trace.ts";

/** What the world's clocks show at its beginning, milliseconds since 1970. */
export const epochMs = 1_700_000_000_000;

/** Something scheduled that can be called off. */
export interface Scheduled {
  cancel(): void;
}

/** One seed's world: virtual time, what is to happen in it, and what went wrong first. */
export class World {
  readonly seed: number;
  readonly trace: Trace;
  /** Virtual milliseconds since the beginning, whole. */
  nowMs = 0;
  /** Events that have happened. */
  steps = 0;
  /** The first violated invariant; the world stops with it. */
  violation: string | null = null;
  private readonly queue = new EventQueue();
  private order = 0;

  constructor(seed: number, print: ((line: string) => void) | null) {
    this.seed = seed;
    this.trace = new Trace(print);
  }

  dice(name: string): Dice {
    return new Dice(this.seed, name);
  }

  /** Runs after the delay, which is rounded to whole milliseconds; after all that was scheduled before for the same moment. */
  after(delayMs: number, run: () => void): Scheduled {
    const due: Due = {
      atMs: this.nowMs + Math.max(0, Math.round(delayMs)),
      order: this.order,
      run,
      isCancelled: false,
    };
    this.order += 1;
    this.queue.push(due);
    return { cancel: () => void (due.isCancelled = true) };
  }

  note(who: string, what: string): void {
    this.trace.add(this.nowMs, who, what);
  }

  violate(what: string): void {
    this.violation ??= what;
    this.note("VIOLATION", what);
  }

  /** Lets one thing after another happen until the condition holds; false where time runs out, or something is violated, before. */
  async runUntil(condition: () => boolean, limitMs: number): Promise<boolean> {
    while (this.violation === null && !condition()) {
      const due = this.queue.first;
      if (due === undefined || due.atMs > limitMs) return false;
      this.queue.pop();
      if (due.isCancelled) continue;
      this.nowMs = due.atMs;
      this.steps += 1;
      try {
        due.run();
      } catch (error) {
        this.violate(
          `thrown into the event loop: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      }
      await settle();
    }
    return this.violation === null;
  }
}
