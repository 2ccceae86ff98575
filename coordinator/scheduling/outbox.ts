import type { Verdict } from "./outcome.ts";
import type { WorkerPool } from "./worker-pool.ts";
import type { Lease, LeaseKey, OutcomeAck, WorkerSession } from "./worker-session.ts";

interface Parcel {
  readonly leases: Lease[];
  readonly acks: OutcomeAck[];
  readonly revoked: LeaseKey[];
}

/** What a turn has to say to workers once it is durable, gathered to one message a session. */
export class Outbox {
  private readonly parcels = new Map<WorkerSession, Parcel>();
  private readonly revocations: { readonly workerId: string; readonly key: LeaseKey }[] = [];

  lease(session: WorkerSession, lease: Lease): void {
    this.parcel(session).leases.push(lease);
  }

  ack(session: WorkerSession, ack: OutcomeAck): void {
    this.parcel(session).acks.push(ack);
  }

  /** To whatever session the worker has when the turn is durable. */
  revoke(workerId: string, key: LeaseKey): void {
    this.revocations.push({ workerId, key });
  }

  /** How much there is to say. */
  get counts(): { readonly leasesGiven: number; readonly verdicts: readonly Verdict[] } {
    const parcels = [...this.parcels.values()];
    const verdicts = parcels.flatMap(({ acks }) => acks.map(({ verdict }) => verdict));
    return { leasesGiven: parcels.reduce((sum, { leases }) => sum + leases.length, 0), verdicts };
  }

  /** Sends all; returns the leases whose session has closed meanwhile. */
  deliver(pool: WorkerPool): readonly LeaseKey[] {
    for (const { workerId, key } of this.revocations) {
      const session = pool.sessionOf(workerId);
      if (session !== null) this.parcel(session).revoked.push(key);
    }
    const undelivered: LeaseKey[] = [];
    for (const [session, parcel] of this.parcels) {
      if (session.isOpen) session.stream.send(parcel);
      else undelivered.push(...parcel.leases.map((lease) => lease.key));
    }
    return undelivered;
  }

  private parcel(session: WorkerSession): Parcel {
    const parcel = this.parcels.get(session) ?? { leases: [], acks: [], revoked: [] };
    this.parcels.set(session, parcel);
    return parcel;
  }
}
