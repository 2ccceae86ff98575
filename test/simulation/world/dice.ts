import { randomStream } from "../../../network/random.ts";

/** One named stream of chance: a function of seed and name alone, so that what one part draws changes nothing for another. */
export class Dice {
  /** Uniform from 0 to below 1. */
  readonly random: () => number;

  constructor(seed: number, name: string) {
    this.random = randomStream(seed, name);
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  /** Exponentially distributed, rounded to whole milliseconds. */
  wait(meanMs: number): number {
    return Math.round(-Math.log(1 - this.random()) * meanMs);
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }
}
