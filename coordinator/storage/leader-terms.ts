import type { Leader } from "./leadership.ts";

/** The record of who led last. Every write of a leader is checked against it, in the write's own transaction. */
export interface LeaderTerms {
  /**
   * Begins the next term: durable when this resolves, and none before can write from then on.
   * Asked only by who holds the leader lock; rejects with `deposed` where another began a term at the same time.
   */
  begin(address: string): Promise<number>;
  /** Notes that nobody leads any more, unless a later term has begun. */
  end(term: number): Promise<void>;
  /** The last that began and has not ended. */
  current(): Promise<Leader | null>;
}
