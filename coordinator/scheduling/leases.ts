import type { Evaluation } from "../../network/evaluation.ts";
import type { TrialRecord } from "../storage/storage.ts";

/** A worker's right to a trial until a deadline. */
export interface OpenLease {
  readonly trial: number;
  readonly token: number;
  readonly workerId: string;
  deadlineMs: number;
  /** When the evaluation must have ended, however often the lease is renewed; Infinity without a time limit. */
  lastMs: number;
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

/** What a lease is opened with. */
export interface NewLease extends Pick<OpenLease, "trial" | "token" | "workerId" | "restored"> {
  readonly leaseTimeMs: number;
  /** How long the evaluation may take; undefined where there is no limit. */
  readonly timeLimitMs: number | undefined;
}

/** The lease of a trial's row. */
export function newLease(row: TrialRecord, evaluation: Evaluation, restored: boolean): NewLease {
  const { trial, leaseToken: token, workerId, leaseTimeMs } = row;
  const { timeLimitMs } = evaluation;
  return { trial, token, workerId: workerId ?? "", leaseTimeMs: leaseTimeMs ?? 0, timeLimitMs, restored };
}

/** The open leases of one job. Tokens and holders are durable in the trials' rows; deadlines live here only. */
export class LeaseTable {
  private readonly ttlMs: number;
  private readonly byTrial = new Map<number, OpenLease>();
  private readonly heldBy = new Map<string, number>();

  constructor(ttlMs: number) {
    this.ttlMs = ttlMs;
  }

  get(trial: number): OpenLease | undefined {
    return this.byTrial.get(trial);
  }

  /** The leases that a worker holds, in order of being given. */
  of(workerId: string): readonly OpenLease[] {
    if (!this.heldBy.has(workerId)) return [];
    return [...this.byTrial.values()].filter((lease) => lease.workerId === workerId);
  }

  /** The trial must have no open lease. A time limit begins with the lease, and as much as a time to live is granted beyond it. */
  open({ trial, token, workerId, restored, leaseTimeMs, timeLimitMs }: NewLease, nowMs: number): void {
    const deadlineMs = nowMs + this.ttlMs;
    const lastMs = Math.max(leaseTimeMs + (timeLimitMs ?? Infinity) + this.ttlMs, deadlineMs);
    const lease = { trial, token, workerId, deadlineMs, lastMs, isExpired: false, restored, brokeOff: false };
    this.byTrial.set(trial, lease);
    this.heldBy.set(workerId, (this.heldBy.get(workerId) ?? 0) + 1);
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

  /** Gives every lease a whole time to live from now, after `lostMs` that nobody had by the clock. */
  extendAll(nowMs: number, lostMs: number): void {
    for (const lease of this.byTrial.values()) {
      lease.lastMs += lostMs;
      this.extend(lease, nowMs);
    }
  }

  /** Leases whose deadline or time limit has passed, in order of being given; each once, unless it is extended and passes again. */
  takeExpired(nowMs: number): readonly OpenLease[] {
    const expired = [...this.byTrial.values()].filter((lease) => !lease.isExpired && endOf(lease) <= nowMs);
    for (const lease of expired) lease.isExpired = true;
    return expired;
  }

  private extend(lease: OpenLease, nowMs: number): void {
    lease.deadlineMs = nowMs + this.ttlMs;
    if (endOf(lease) > nowMs) lease.isExpired = false;
  }
}

/** When the lease ends unless it is renewed. */
export function endOf({ deadlineMs, lastMs }: OpenLease): number {
  return Math.min(deadlineMs, lastMs);
}
