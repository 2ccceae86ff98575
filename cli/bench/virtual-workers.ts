import { namedStream } from "../../coordinator/search/rng.ts";
import type { Seed } from "../../coordinator/search/types.ts";

interface Numbered {
  /** Unique within a search. */
  readonly trial: number;
}

interface Running<Trial> {
  readonly trial: Trial;
  readonly startAt: number;
  readonly endAt: number;
}

/** The shortest and the longest trial where there are several workers. */
const durations = { least: 1, most: 3 };

/** Workers in virtual time: trials wait in the order they were made, and each free worker takes the next. */
export class VirtualWorkers<Trial extends Numbered> {
  readonly #count: number;
  readonly #seed: Seed;
  readonly #waiting: Trial[] = [];
  readonly #running: Running<Trial>[] = [];
  readonly #ended: Running<Trial>[] = [];
  #now = 0;

  /** One worker takes a time of 1 for each trial; several take times uniform over 1 to 3, which seed and trial decide. */
  constructor(count: number, seed: Seed) {
    this.#count = count;
    this.#seed = seed;
  }

  /** Whether a worker waits for a trial. */
  get isFree(): boolean {
    return this.#running.length < this.#count;
  }

  add(trials: readonly Trial[]): void {
    this.#waiting.push(...trials);
    this.#start();
  }

  /** Trials that nobody waits for any more; a worker that is at one is free at once. */
  cancel(trials: readonly number[]): void {
    const isCancelled = ({ trial }: Trial): boolean => trials.includes(trial);
    keep(this.#waiting, (trial) => !isCancelled(trial));
    for (const run of this.#running.filter(({ trial }) => isCancelled(trial)))
      this.#ended.push({ ...run, endAt: this.#now });
    keep(this.#running, ({ trial }) => !isCancelled(trial));
    this.#start();
  }

  /** The trial that ends next, with time moved to its end; undefined where none is at work. Of equal ends the earlier started. */
  next(): Trial | undefined {
    const first = this.#running.reduce<Running<Trial> | undefined>(
      (best, run) => (best === undefined || run.endAt < best.endAt ? run : best),
      undefined,
    );
    if (first === undefined) return undefined;
    this.#now = first.endAt;
    keep(this.#running, (run) => run !== first);
    this.#ended.push(first);
    this.#start();
    return first.trial;
  }

  /**
   * Share of the workers' time that was spent on trials, from the start until the last trial was given out: what follows is the end of
   * the measurement, not of the search. Null where all were given out at once.
   */
  busyFraction(): number | null {
    const runs = [...this.#ended, ...this.#running];
    const until = runs.reduce((latest, { startAt }) => Math.max(latest, startAt), 0);
    if (until === 0) return null;
    const busy = runs.reduce((sum, { startAt, endAt }) => sum + Math.min(endAt, until) - startAt, 0);
    // Sums of times round.
    return Math.min(1, busy / (this.#count * until));
  }

  #start(): void {
    while (this.isFree) {
      const trial = this.#waiting.shift();
      if (trial === undefined) return;
      this.#running.push({ trial, startAt: this.#now, endAt: this.#now + this.#duration(trial) });
    }
  }

  #duration({ trial }: Trial): number {
    if (this.#count === 1) return 1;
    const { least, most } = durations;
    return least + (most - least) * namedStream(this.#seed, `bench/duration/${trial}`).uniform();
  }
}

/** Leaves only the items that are wanted, in place. */
function keep<T>(items: T[], isWanted: (item: T) => boolean): void {
  items.splice(0, items.length, ...items.filter(isWanted));
}
