import type { Storage, StorageReader } from "./storage.ts";

/** Who leads. */
export interface Leader {
  /** The leader term: from 1, and higher with every leadership of the store, restarts included. */
  readonly term: number;
  /** What the leader gave as its own: where workers and researchers reach it. */
  readonly address: string;
}

/**
 * An opened store. Any number of them may be open on one database, and of all these one leads at a time.
 * Every method rejects with StorageError only, but for the reason of an aborted signal.
 */
export interface Store {
  /** Reads without leading. It sees what was committed before the read, whoever did it. */
  readonly reader: StorageReader;
  /**
   * Waits until nobody else leads, and leads then: the term is durable when this resolves.
   * Rejects with the signal's reason when that is aborted first, with `unavailable` when the store is closed first,
   * and as any write does where the database refuses; then nothing is held, and the caller may try again.
   */
  lead(address: string, signal: AbortSignal): Promise<Leadership>;
  /** Who leads, as far as the store knows: null where nobody does. A leader that just died may still be named. */
  leader(): Promise<Leader | null>;
  /** Resigns what is led through this store and closes it. Idempotent. Every later call rejects with `unavailable`. */
  close(): Promise<void>;
}

/** The right to write, held from `Store.lead` until it is resigned or lost. */
export interface Leadership extends Leader {
  /** Fenced: once another leads, each of its writes changes nothing and rejects with `deposed`. */
  readonly storage: Storage;
  /** Resolves with the cause when it is known that another leads, or may soon. Never rejects; resigning does not resolve it. */
  readonly lost: Promise<Error>;
  /** Answers the writes under way, closes `storage` and lets the next one lead at once. Idempotent; never rejects. */
  resign(): Promise<void>;
}
