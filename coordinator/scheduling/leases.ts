/** A worker's right to a trial until a deadline. */
export interface OpenLease {
  readonly trial: number;
  readonly token: number;
  readonly workerId: string;
  deadlineMs: number;
  /** Its deadline has passed and `takeExpired` has said so. */
  isExpired: boolean;
  /**
   * Given before this coordinator started and not renewed since. If it expires, nobody can tell whether its worker is gone or was
   * never told of it, so that attempt is not counted at all.
   */
  restored: boolean;
  /**
   * Its worker's stream broke while it held this lease and no other, and the worker has not come back: perhaps the network took it down.
   * A worker that is cut off comes back under its id, and one that died does not.
   */
  brokeOff: boolean;
}

/** The open leases of one job. Tokens and holders are durable in the trials' rows; deadlines live here only. */
export class LeaseTable {
  private readonly ttlMs: number;
  private readonly byTrial = new Map<number, OpenLease>();
  private readonly heldBy = new Map<string, number>();

  constructor(ttlMs: number) {
    this.ttlMs = ttlMs;
  }

  /** How many workers hold a lease. */
  get holders(): number {
    return this.heldBy.size;
  }

  get(trial: number): OpenLease | undefined {
    return this.byTrial.get(trial);
  }

  /** The leases that a worker holds, in order of being given. */
  of(workerId: string): readonly OpenLease[] {
    if (!this.heldBy.has(workerId)) return [];
    return [...this.byTrial.values()].filter((lease) => lease.workerId === workerId);
  }

  /** The trial must have no open lease. */
  open(lease: Omit<OpenLease, "deadlineMs" | "isExpired" | "brokeOff">, nowMs: number): void {
    this.byTrial.set(lease.trial, { ...lease, deadlineMs: nowMs + this.ttlMs, isExpired: false, brokeOff: false });
    this.heldBy.set(lease.workerId, (this.heldBy.get(lease.workerId) ?? 0) + 1);
  }

  /** Idempotent. */
  close(trial: number): void {
    const lease = this.byTrial.get(trial);
    if (lease === undefined) return;
    this.byTrial.delete(trial);
    const held = (this.heldBy.get(lease.workerId) ?? 0) - 1;
    if (held > 0) this.heldBy.set(lease.workerId, held);
    else this.heldBy.delete(lease.workerId);
  }

  /** Moves the deadline; false where no such lease is open. */
  renew(trial: number, token: number, nowMs: number): boolean {
    const lease = this.byTrial.get(trial);
    if (lease?.token !== token) return false;
    this.extend(lease, nowMs);
    lease.restored = false;
    return true;
  }

  /** Gives every lease a whole time to live from now. */
  extendAll(nowMs: number): void {
    for (const lease of this.byTrial.values()) this.extend(lease, nowMs);
  }

  /** Leases whose deadline has passed, in order of being given; each once, unless it is extended and passes again. */
  takeExpired(nowMs: number): readonly OpenLease[] {
    const expired = [...this.byTrial.values()].filter((lease) => !lease.isExpired && lease.deadlineMs <= nowMs);
    for (const lease of expired) lease.isExpired = true;
    return expired;
  }

  private extend(lease: OpenLease, nowMs: number): void {
    lease.deadlineMs = nowMs + this.ttlMs;
    lease.isExpired = false;
  }
}
