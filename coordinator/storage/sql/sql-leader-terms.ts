import type { LeaderTerms } from "../leader-terms.ts";
import type { Leader } from "../leadership.ts";
import { deposed } from "../refusals.ts";
import { StorageError } from "../storage.ts";
import { prepare } from "./prepare.ts";
import type { SqlDatabase, SqlDialect, SqlGuard, SqlWrite } from "./sql-database.ts";

/** Makes what keeps the writes of a term out of the database once a later term has begun. */
export function termGuard({ compiler, keepRows }: SqlDialect, term: number): SqlGuard {
  const query = prepare((p: { term: number }) =>
    compiler.selectFrom("leadership").select("term").where("term", "=", p.term).modifyEnd(keepRows),
  );
  return { statement: query.bind({ term }), refusal: deposed(term) };
}

/** The terms in the table `leadership`, in which there is one row. */
export class SqlLeaderTerms implements LeaderTerms {
  readonly #database: SqlDatabase;
  readonly #statements: ReturnType<typeof prepareTerms>;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#statements = prepareTerms(database.dialect);
  }

  async begin(address: string): Promise<number> {
    const { term } = await this.#row();
    const next = { term, next: term + 1, address };
    await this.#write({ ...this.#statements.begin.bind(next), unchanged: () => deposed(next.next) });
    return next.next;
  }

  async end(term: number): Promise<void> {
    await this.#write({ ...this.#statements.end.bind({ term }), unchanged: null });
  }

  async current(): Promise<Leader | null> {
    const { term, address } = await this.#row();
    return address === null ? null : { term, address };
  }

  async #row(): Promise<{ readonly term: number; readonly address: string | null }> {
    const [row] = await this.#database.read(this.#statements.read.bind({}));
    if (row === undefined) throw new StorageError("corrupt", "the table leadership has no row");
    return row;
  }

  async #write(statement: SqlWrite): Promise<void> {
    const [refusal] = await this.#database.write([[statement]], null);
    if (refusal) throw refusal;
  }
}

function prepareTerms({ compiler: db }: SqlDialect) {
  return {
    read: prepare(() => db.selectFrom("leadership").select(["term", "address"])),

    /** Changes no row where another term has begun. */
    begin: prepare((p: { term: number; next: number; address: string }) =>
      db.updateTable("leadership").set({ term: p.next, address: p.address }).where("term", "=", p.term),
    ),

    end: prepare((p: { term: number }) =>
      db.updateTable("leadership").set({ address: null }).where("term", "=", p.term),
    ),
  };
}
