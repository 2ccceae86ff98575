import type { Evaluation } from "../network/evaluation.ts";
import { failed, type Lease, type LeaseKey, type Outcome, type Result, type WorkRequest } from "./client/lease.ts";

/**
 * How many leases a worker holds at a time, the running one included, by kind of evaluation. A look-up takes microseconds, so a round
 * trip to the coordinator is worth many of them. A training takes all of a worker for long, so a second lease would only keep a trial
 * from a worker that is free. A supernet's local steps take seconds or less: the next lease, and its weights, come in while they are made. What
 * has computed and only sends is not counted.
 */
export const leasesHeld: Readonly<Record<Evaluation["type"], number>> = {
  tabular: 16,
  train: 1,
  command: 1,
  supernet: 3,
};

/** What occupies the evaluator: its lease may be gone already while the evaluation has not ended yet. */
interface Slot {
  readonly lease: Lease;
  held: boolean;
}

/**
 * The leases of one worker and the outcomes it owes: the state of a runner without its connection, its time and its evaluators.
 *
 *     a lease:   (received) --> waiting --start()--> running --settle() or giveUp()--> owed --acknowledge()--> (gone)
 *                                  |                    |
 *                                  +------ revoke() ----+--> (gone, nothing is owed)
 *                                  |                    |
 *                                  +-- drain() ---------+-- giveBack() --> owed, as `preempted`
 *
 *     the slot:  free --start()--> occupied --settle()--> free         (a revoked or given up evaluation occupies it until it has ended)
 *                                     |
 *                                     +--send()--> free, beside it one that sends --settleSent()--> none sends
 *
 * Credit: it asks for as many leases as its kind may hold (`leasesHeld`), less those held and those asked for already. The kind is that
 * of the last lease, and at first the one that holds fewest of those the worker can evaluate. What was asked for cannot be taken back,
 * so when the kind changes from look-ups to training, more trainings may come than a worker may hold: they are given back at once
 * (`preempted`, of which a trial may have many) and go to a worker that is free.
 */
export class LeaseBook {
  readonly #waiting = new Map<string, Lease>();
  /** In order of ending; `sent` on the present stream. */
  readonly #owed = new Map<string, { readonly outcome: Outcome; sent: boolean }>();
  #slot: Slot | null = null;
  /** Has computed, and sends what came of it. */
  #sending: Slot | null = null;
  #capacity: number;
  #asked = 0;
  #draining = false;

  /** @param kinds What the worker can evaluate. */
  constructor(kinds: readonly Evaluation["type"][]) {
    this.#capacity = Math.min(...kinds.map((kind) => leasesHeld[kind]));
  }

  /** Leases to renew: sending, running and waiting. */
  get held(): readonly LeaseKey[] {
    const begun = [this.#sending, this.#slot].flatMap((slot) => (slot?.held === true ? [slot.lease.key] : []));
    return [...begun, ...[...this.#waiting.values()].map((lease) => lease.key)];
  }

  /** Leases that wait for the slot, the next one first. */
  get waiting(): readonly Lease[] {
    return [...this.#waiting.values()];
  }

  /** Whether an evaluation has not ended yet. */
  get isOccupied(): boolean {
    return this.#slot !== null || this.#sending !== null;
  }

  /** Whether outcomes wait for the coordinator's acknowledgement. */
  get owesOutcomes(): boolean {
    return this.#owed.size > 0;
  }

  /** Takes up a lease. One that is known already changes nothing. */
  receive(lease: Lease): void {
    this.#asked = Math.max(0, this.#asked - 1);
    if (this.#knows(lease.key)) return;
    this.#capacity = leasesHeld[lease.evaluation.type];
    const full = this.#waiting.size + (this.#slot === null ? 0 : 1) >= this.#capacity;
    if (this.#draining) this.#owe({ key: lease.key, result: stopping });
    else if (full) this.#owe({ key: lease.key, result: failed("preempted", "the worker is busy with another trial") });
    else this.#waiting.set(keyText(lease.key), lease);
  }

  /** Takes up a lease that ended as it came. */
  receiveEnded(outcome: Outcome): void {
    this.#asked = Math.max(0, this.#asked - 1);
    if (!this.#knows(outcome.key)) this.#owe(outcome);
  }

  /** The next lease to evaluate, which then occupies the slot; null where none waits or the slot is not free. */
  start(): Lease | null {
    if (this.#slot !== null) return null;
    const [next] = this.#waiting;
    if (next === undefined) return null;
    const [text, lease] = next;
    this.#waiting.delete(text);
    this.#slot = { lease, held: true };
    return lease;
  }

  /**
   * Frees the slot of the running evaluation, which has computed and only sends; false where another one still does, which it then waits
   * for in its slot: what a worker holds has its bounds, however slow the network.
   */
  send(): boolean {
    if (this.#slot === null || this.#sending !== null) return false;
    this.#sending = this.#slot;
    this.#slot = null;
    return true;
  }

  /**
   * Ends the running evaluation. The result is owed where its lease is still held; while the book drains, failures are taken for what comes
   * of being told to stop.
   * @param busySeconds How long it computed.
   */
  settle(result: Result, busySeconds?: number): void {
    const slot = this.#slot;
    this.#slot = null;
    this.#settle(slot, result, busySeconds);
  }

  /** As `settle`, of the one that sends. */
  settleSent(result: Result, busySeconds?: number): void {
    const slot = this.#sending;
    this.#sending = null;
    this.#settle(slot, result, busySeconds);
  }

  #settle(slot: Slot | null, result: Result, busySeconds: number | undefined): void {
    if (slot?.held !== true) return;
    const isCutShort = this.#draining && result.type === "failed";
    const told = { key: slot.lease.key, result: isCutShort ? stopping : result };
    this.#owe(busySeconds === undefined ? told : { ...told, busySeconds });
  }

  /**
   * Ends a lease with a result before its evaluation has ended, which takes up the worker until it has. Returns whether it was under way: its
   * evaluation must now be aborted.
   */
  giveUp(key: LeaseKey, result: Result): boolean {
    const slot = this.#begun(key);
    if (slot?.held !== true) return false;
    slot.held = false;
    this.#owe({ key, result });
    return true;
  }

  /** Drops a lease: nothing of it is reported. Returns whether it is under way: its evaluation must now be aborted. */
  revoke(key: LeaseKey): boolean {
    const text = keyText(key);
    this.#waiting.delete(text);
    this.#owed.delete(text);
    const slot = this.#begun(key);
    if (slot?.held !== true) return false;
    slot.held = false;
    return true;
  }

  /** The coordinator has the outcome. */
  acknowledge(key: LeaseKey): void {
    this.#owed.delete(keyText(key));
  }

  /** Gives every waiting lease back and asks for none from now on. */
  drain(): void {
    this.#draining = true;
    for (const { key } of this.#waiting.values()) this.#owe({ key, result: stopping });
    this.#waiting.clear();
  }

  /** Gives back what is under way and still held, although its evaluation may not have ended. */
  giveBack(): void {
    for (const slot of [this.#sending, this.#slot]) if (slot !== null) this.giveUp(slot.lease.key, stopping);
  }

  /** The first request of a new stream, which knows nothing of those before: credit, leases held and outcomes owed, all anew. */
  firstRequest(): WorkRequest {
    this.#asked = 0;
    for (const entry of this.#owed.values()) entry.sent = false;
    return { ...this.nextRequest(), renewals: this.held };
  }

  /** What is new since the last request of this stream, null where nothing is. */
  nextRequest(): WorkRequest | null {
    const unsent = [...this.#owed.values()].filter((entry) => !entry.sent);
    const wantLeases = this.#credit();
    if (unsent.length === 0 && wantLeases === 0) return null;
    for (const entry of unsent) entry.sent = true;
    this.#asked += wantLeases;
    return { wantLeases, outcomes: unsent.map((entry) => entry.outcome) };
  }

  #credit(): number {
    if (this.#draining) return 0;
    return Math.max(0, this.#capacity - this.#waiting.size - (this.#slot === null ? 0 : 1) - this.#asked);
  }

  #knows(key: LeaseKey): boolean {
    const text = keyText(key);
    return this.#begun(key) !== null || this.#waiting.has(text) || this.#owed.has(text);
  }

  /** The evaluation of a lease that has not ended. */
  #begun(key: LeaseKey): Slot | null {
    const text = keyText(key);
    return [this.#slot, this.#sending].find((slot) => slot !== null && keyText(slot.lease.key) === text) ?? null;
  }

  #owe(outcome: Outcome): void {
    this.#owed.set(keyText(outcome.key), { outcome, sent: false });
  }
}

const stopping = failed("preempted", "the worker is stopping");

export function keyText({ trial, leaseToken }: LeaseKey): string {
  return `${trial} ${leaseToken}`;
}
