/** A checkpoint as its evaluator hands it over. */
export interface TakenCheckpoint {
  /** Training steps made; at least 1. */
  readonly step: number;
  readonly bytes: Uint8Array;
}

/** The checkpoints of one trial, as its evaluator sees them. */
export interface Checkpoints {
  /**
   * What `read` makes of the checkpoint that an earlier attempt left; null where none did, where it cannot be had, and where `read` throws,
   * because it does not fit: then the evaluation begins anew. Rejects only once the evaluation is aborted.
   */
  resume<T extends { readonly step: number }>(read: (bytes: Uint8Array) => T): Promise<T | null>;
  /**
   * From now on the worker has checkpoints taken, at its own times and whenever the evaluation waits for anything, until the function that
   * this returns is called. A checkpoint that is at the step of the one before is not sent.
   */
  offer(take: () => Promise<TakenCheckpoint>): () => void;
}
