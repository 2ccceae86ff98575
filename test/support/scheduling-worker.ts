import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { EngineError } from "../../coordinator/scheduling/errors.ts";
import type { Outcome } from "../../coordinator/scheduling/outcome.ts";
import type {
  Lease,
  LeaseKey,
  OutcomeAck,
  ToWorker,
  WorkerSession,
  WorkerStream,
} from "../../coordinator/scheduling/worker-session.ts";
import { tableAccuracy } from "./scheduling-table.ts";

/** A worker of the engine's port, driven by a test; without `script` it keeps what it gets. */
export class FakeWorker implements WorkerStream {
  readonly workerId: string;
  readonly leases: Lease[] = [];
  readonly acks: OutcomeAck[] = [];
  readonly revoked: LeaseKey[] = [];
  endedWith: EngineError | null = null;
  private readonly engine: Engine;
  private readonly session: WorkerSession;
  private readonly script: ((lease: Lease) => Outcome) | null;

  constructor(
    engine: Engine,
    workerId: string,
    script: ((lease: Lease) => Outcome) | null = null,
    evaluators = ["tabular"],
  ) {
    this.engine = engine;
    this.workerId = workerId;
    this.script = script;
    engine.registerWorker({ workerId, host: "", backend: "", evaluators, version: "" });
    this.session = engine.openSession(workerId, this);
  }

  want(leases: number): void {
    this.engine.receive(this.session, { wantLeases: leases, renewals: [], outcomes: [] });
  }

  renew(...renewals: LeaseKey[]): void {
    this.engine.receive(this.session, { wantLeases: 0, renewals, outcomes: [] });
  }

  report(key: LeaseKey, outcome: Outcome, wantLeases = 0): void {
    this.engine.receive(this.session, { wantLeases, renewals: [], outcomes: [{ key, outcome }] });
  }

  /** The next lease that it holds and was not taken before. */
  take(): Lease {
    const lease = this.leases.shift();
    if (lease === undefined) throw new Error(`${this.workerId} has no lease`);
    return lease;
  }

  verdictOf({ job, trial, token }: LeaseKey): string | undefined {
    const isOf = ({ key }: OutcomeAck): boolean => key.job === job && key.trial === trial && key.token === token;
    return this.acks.findLast(isOf)?.verdict;
  }

  /** Takes no more leases, as a worker that has half-closed its stream. */
  drain(): void {
    this.engine.drainSession(this.session);
  }

  leave(): void {
    this.engine.closeSession(this.session);
  }

  send(message: ToWorker): void {
    this.acks.push(...message.acks);
    this.revoked.push(...message.revoked);
    if (this.script === null) this.leases.push(...message.leases);
    else for (const lease of message.leases) this.answer(lease, this.script);
  }

  end(cause: EngineError): void {
    this.endedWith = cause;
  }

  private answer(lease: Lease, script: (lease: Lease) => Outcome): void {
    setImmediate(() => this.report(lease.key, script(lease), 1));
  }
}

/** What a lease's row of the table says. */
export function lookUp(table: Uint8Array): (lease: Lease) => Outcome {
  return (lease) => {
    const { tableRow } = JSON.parse(lease.networkJson) as { tableRow: { arms: number[] } };
    const accuracy = tableAccuracy(table, tableRow.arms);
    if (accuracy === undefined) return { type: "failure", reason: "infeasible", detail: "not listed" };
    return measured(accuracy);
  };
}

export function measured(accuracy: number): Outcome {
  return { type: "measurement", measurement: { accuracy, steps: 0, extra: {} } };
}

export function failed(reason: Extract<Outcome, { type: "failure" }>["reason"]): Outcome {
  return { type: "failure", reason, detail: "as scripted" };
}
