/** Lets one at a time lead. What it excludes may fail, as leases do: writes are safe by the leader term, not by it. */
export interface LeaderLock {
  /**
   * Waits until nobody holds the lock, and holds it then.
   * Rejects with the signal's reason when that is aborted first, and with StorageError where the lock cannot be reached.
   */
  acquire(signal: AbortSignal): Promise<HeldLock>;
  /** Whether anyone holds it. */
  isHeld(): Promise<boolean>;
}

/** A lock from `acquire` to its release. */
export interface HeldLock {
  /** Resolves with the cause when the lock is known to be gone without a release. */
  readonly lost: Promise<Error>;
  /** Idempotent; never rejects. */
  release(): Promise<void>;
}
