import type { FairShare } from "./fair-share.ts";
import type { WorkerSession } from "./worker-session.ts";

/** The most credit that a worker can gather. */
const maxCredit = 1024;

/** Brings pending trials and workers with credit together. */
export class Dispatcher {
  private readonly shares: FairShare;
  /** Sessions with credit; the first has waited longest. */
  private readonly hungry = new Set<WorkerSession>();

  constructor(shares: FairShare) {
    this.shares = shares;
  }

  /** Adds credit; what is above the limit is dropped, as is all credit of a session that takes no more leases. */
  addCredit(session: WorkerSession, leases: number): void {
    if (!session.isOpen || session.isLeaving) return;
    session.credit = Math.min(maxCredit, session.credit + leases);
    if (session.credit > 0) this.hungry.add(session);
  }

  /** Forgets a session that has closed or takes no more leases. */
  remove(session: WorkerSession): void {
    this.hungry.delete(session);
  }

  /**
   * Has trials leased as long as some wait and some worker that can evaluate them has credit: one a worker in turn, so that no worker
   * with much credit starves the others. To be called whenever either may have changed.
   */
  dispatch(): void {
    let granted = true;
    while (granted && !this.shares.isEmpty) {
      granted = false;
      for (const session of [...this.hungry]) granted = this.serve(session) || granted;
    }
  }

  private serve(session: WorkerSession): boolean {
    // Closed by a newer stream of its worker.
    if (!session.isOpen) {
      this.hungry.delete(session);
      return false;
    }
    const share = this.shares.take(session.worker.evaluators);
    if (share === null) return false;
    session.credit -= 1;
    // To the end of the line.
    this.hungry.delete(session);
    if (session.credit > 0) this.hungry.add(session);
    const giveBack = (): void => this.addCredit(session, 1);
    share.runner.post({ type: "grant", trial: share.trial, session, giveBack });
    return true;
  }
}
