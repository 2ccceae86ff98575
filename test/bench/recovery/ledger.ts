import type { FpnasClient } from "../../../client/client.ts";
import type { LeaseKey, WorkRequest, WorkResponse } from "../../../worker/client/lease.ts";

/** What workers have sent, and what the coordinator has said that it has. */
export class Ledger {
  /** Accuracies sent, by lease. */
  readonly #sent = new Map<string, number>();
  /** Those of them that were accepted, by trial. */
  readonly #acknowledged = new Map<string, number>();
  #waiting: { readonly count: number; readonly resolve: () => void } | null = null;

  /** Trials whose measurement was acknowledged as accepted. */
  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  sent({ outcomes = [] }: WorkRequest): void {
    for (const { key, result } of outcomes) {
      if (result.type === "measured") this.#sent.set(textOf(key), result.measurement.accuracy);
    }
  }

  received({ acks }: WorkResponse): void {
    for (const { key, verdict } of acks) {
      const accuracy = this.#sent.get(textOf(key));
      if (verdict === "accepted" && accuracy !== undefined) this.#acknowledged.set(key.trial, accuracy);
    }
    if (this.#waiting === null || this.acknowledged < this.#waiting.count) return;
    this.#waiting.resolve();
    this.#waiting = null;
  }

  /** Resolves when so many outcomes are acknowledged. One may wait at a time. */
  untilAcknowledged(count: number): Promise<void> {
    if (this.acknowledged >= count) return Promise.resolve();
    return new Promise((resolve) => (this.#waiting = { count, resolve }));
  }

  /** How many acknowledged measurements the job does not have as they were sent. */
  async lost(client: FpnasClient, job: string): Promise<number> {
    let kept = 0;
    for await (const { name, measurement } of client.listTrials(job)) {
      if (measurement !== null && measurement.accuracy === this.#acknowledged.get(name)) kept += 1;
    }
    return this.acknowledged - kept;
  }
}

function textOf({ trial, leaseToken }: LeaseKey): string {
  return `${trial} ${leaseToken}`;
}
