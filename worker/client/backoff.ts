/** Waits that double from a first to a longest one, each cut by up to half at random, so that a fleet does not come back as one. */
export class Backoff {
  static readonly firstMs = 200;
  static readonly longestMs = 5_000;
  readonly #random: () => number;
  #failures = 0;

  /** @param random Uniform from 0 to below 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** How long to wait after one more failure, in milliseconds. */
  next(): number {
    const fullMs = Math.min(Backoff.longestMs, Backoff.firstMs * 2 ** this.#failures);
    this.#failures += 1;
    return fullMs * (1 - this.#random() / 2);
  }

  /** Begins again with the first wait: something worked. */
  reset(): void {
    this.#failures = 0;
  }
}
