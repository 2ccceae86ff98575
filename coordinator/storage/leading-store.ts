import { deferred } from "./deferred.ts";
import type { HeldLock, LeaderLock } from "./leader-lock.ts";
import type { LeaderTerms } from "./leader-terms.ts";
import type { Leader, Leadership, Store } from "./leadership.ts";
import { storeClosed } from "./refusals.ts";
import type { Storage, StorageReader } from "./storage.ts";

/** What a store is put together from. */
export interface StoreParts {
  readonly reader: StorageReader;
  readonly lock: LeaderLock;
  readonly terms: LeaderTerms;
  /** Makes what the leader of a term writes through; it calls `onDeposed` with each refusal as `deposed`. */
  openStorage(term: number, onDeposed: (refusal: Error) => void): Promise<Storage>;
  /** Asked once, when nothing is led any more. */
  close(): Promise<void>;
}

/** Makes a store of its parts: whatever keeps the rows, leading goes the same way. */
export function createStore(parts: StoreParts): Store {
  return new LeadingStore(parts);
}

/** open -> close() -> closed */
class LeadingStore implements Store {
  readonly reader: StorageReader;
  readonly #parts: StoreParts;
  readonly #led = new Set<Leadership>();
  readonly #closing = new AbortController();
  /** What `lead` and `leader` have under way. */
  readonly #calls = new Set<Promise<unknown>>();
  #closed: Promise<void> | null = null;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.reader = parts.reader;
  }

  lead(address: string, signal: AbortSignal): Promise<Leadership> {
    return this.#call(() => this.#lead(address, AbortSignal.any([signal, this.#closing.signal])));
  }

  leader(): Promise<Leader | null> {
    return this.#call(async () => ((await this.#parts.lock.isHeld()) ? await this.#parts.terms.current() : null));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #lead(address: string, signal: AbortSignal): Promise<Leadership> {
    const lock = await this.#parts.lock.acquire(signal);
    try {
      signal.throwIfAborted();
      return await this.#beginTerm(address, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async #beginTerm(address: string, lock: HeldLock): Promise<Leadership> {
    const term = await this.#parts.terms.begin(address);
    const deposed = deferred<Error>();
    const storage = await this.#parts.openStorage(term, deposed.resolve);
    const end = async () => {
      await storage.close();
      // Where the note fails, the next leader's makes up for it.
      await this.#parts.terms.end(term).catch(() => undefined);
      await lock.release();
      this.#led.delete(leadership);
    };
    let ended: Promise<void> | null = null;
    const leadership: Leadership = {
      term,
      address,
      storage,
      lost: Promise.race([lock.lost, deposed.promise]),
      resign: () => (ended ??= end()),
    };
    this.#led.add(leadership);
    return leadership;
  }

  async #close(): Promise<void> {
    this.#closing.abort(storeClosed());
    await Promise.allSettled(this.#calls);
    await Promise.all([...this.#led].map((leadership) => leadership.resign()));
    await this.#parts.close();
  }

  async #call<T>(run: () => Promise<T>): Promise<T> {
    if (this.#closed !== null) throw storeClosed();
    const call = run();
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }
}
