import type { LeaderTerms } from "./leader-terms.ts";
import type { Leader, Store } from "./leadership.ts";
import { createStore } from "./leading-store.ts";
import { LocalLeaderLock } from "./local-leader-lock.ts";
import { MemoryStorage, MemoryTables } from "./memory-storage.ts";
import { deposed } from "./refusals.ts";

/** Rows in memory that several stores of this process may be opened on, as several coordinators on one server. */
export class MemoryDatabase {
  readonly #tables = new MemoryTables();
  readonly #terms = new MemoryTerms();
  readonly #lock = new LocalLeaderLock();

  /** Opens one more store on the same rows. */
  open(): Store {
    const reader = new MemoryStorage(this.#tables, () => undefined);
    return createStore({
      reader,
      lock: this.#lock,
      terms: this.#terms,
      openStorage: (term, onDeposed) => {
        const checkTerm = () => {
          if (term === this.#terms.term) return;
          const refusal = deposed(term);
          onDeposed(refusal);
          throw refusal;
        };
        return Promise.resolve(new MemoryStorage(this.#tables, checkTerm));
      },
      close: () => reader.close(),
    });
  }

  /**
   * Takes the leader lock from who holds it, as a database does whose leader no longer answers: that one is told, the
   * next one that waits leads, and from then on the first is refused. Where nobody leads nothing happens.
   */
  depose(): void {
    this.#lock.break(deposed(this.#terms.term));
  }
}

class MemoryTerms implements LeaderTerms {
  term = 0;
  #address: string | null = null;

  begin(address: string): Promise<number> {
    this.term += 1;
    this.#address = address;
    return Promise.resolve(this.term);
  }

  end(term: number): Promise<void> {
    if (term === this.term) this.#address = null;
    return Promise.resolve();
  }

  current(): Promise<Leader | null> {
    return Promise.resolve(this.#address === null ? null : { term: this.term, address: this.#address });
  }
}
