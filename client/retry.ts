import { setTimeout as sleep } from "node:timers/promises";
import { readLeader } from "../proto/leader.ts";
import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import { settleConnection, type Connection } from "./connection.ts";
import { FpnasError, toFpnasError } from "./errors.ts";

/** When to give up. */
export interface Patience {
  /** Tries without an answer, for each coordinator on the list; an address that is silent for seconds counts as three. */
  readonly tries: number;
  /** The longest pause between two tries. */
  readonly longestPauseMs: number;
}

/** A person waits: no longer than one address that is silent takes. */
export const callPatience: Patience = { tries: 3, longestPauseMs: 1_000 };
/** Of a watch that has seen its job: about half a minute, long enough for a coordinator's restart. */
export const watchPatience: Patience = { tries: 10, longestPauseMs: 5_000 };

/** How long to try on after a follower has said that it does not lead: another takes over within this time, or none is there to do it. */
const leaderlessMs = 20_000;
const silentTries = 3;
const firstPauseMs = 100;

/**
 * The tries of one call. Every call of the service is safe to repeat: mutations carry a request id. A leader that a follower names is
 * tried at once; else there is a pause, which doubles.
 */
export class Retry {
  readonly #connection: Connection;
  readonly #patience: Patience;
  /** When a follower first answered; null before. */
  #answerMs: number | null = null;
  #unanswered = 0;
  #pauses = 0;
  #wasNamed = false;

  constructor(connection: Connection, patience: Patience) {
    this.#connection = connection;
    this.#patience = patience;
  }

  /**
   * A try at `address` has failed: resolves when it is time for one at the connection's peer, which may be another now, or when the
   * signal is aborted. Rejects with FpnasError where another try is of no use.
   */
  async next(address: string, error: unknown, signal?: AbortSignal): Promise<void> {
    const connection = this.#connection;
    const failure = toFpnasError(error, connection.coordinators);
    if (failure.code !== "unreachable" || connection.isClosed) throw failure;
    if (this.#isOver(error)) throw failure;
    // Two followers may each take the other for the leader.
    const isNamed = connection.turn(address, error) && !this.#wasNamed;
    this.#wasNamed = isNamed;
    if (isNamed) return;
    const pauseMs = Math.min(this.#patience.longestPauseMs, firstPauseMs * 2 ** this.#pauses);
    this.#pauses += 1;
    const options = signal === undefined ? {} : { signal };
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, options).catch(() => undefined);
  }

  #isOver(error: unknown): boolean {
    if (readLeader(error) !== null) this.#answerMs ??= Date.now();
    if (this.#answerMs !== null) return Date.now() - this.#answerMs >= leaderlessMs;
    // Not the call's own error: the address took no connection.
    this.#unanswered += error instanceof FpnasError ? silentTries : 1;
    return this.#unanswered >= this.#patience.tries * this.#connection.length;
  }
}

/** Makes a call until it is answered, or until another try is of no use; rejects with FpnasError only. */
export async function callPatiently<T>(
  connection: Connection,
  call: (stub: SearchServiceClient) => Promise<T>,
): Promise<T> {
  const retry = new Retry(connection, callPatience);
  for (;;) {
    const { address, stub } = connection.peer;
    try {
      await settleConnection(connection.peer);
      // Meanwhile another call may have found that this one does not lead.
      if (connection.peer.stub === stub) return await call(stub);
    } catch (error) {
      await retry.next(address, error);
    }
  }
}
