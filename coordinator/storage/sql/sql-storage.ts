import { storeClosed } from "../refusals.ts";
import { StorageError } from "../storage.ts";
import type { JobCommit, RequestRecord, Storage } from "../storage.ts";
import { commitWrites } from "./commit-writes.ts";
import { dropCheckpointFile, storeFile } from "./files.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { SqlDatabase, SqlWrite } from "./sql-database.ts";
import { termGuard } from "./sql-leader-terms.ts";
import { SqlReader } from "./sql-reader.ts";
import { prepareWrites } from "./write-statements.ts";
import type { WriteStatements } from "./write-statements.ts";

/**
 * Makes what the leader of `term` reads and writes through, in a database whose schema is the newest (`migrate`).
 * It calls `onDeposed` with each refusal as `deposed`. Rejects where the database cannot be written.
 */
export async function createSqlStorage(
  database: SqlDatabase,
  term: number,
  onDeposed: (refusal: Error) => void,
): Promise<Storage> {
  const storage = new SqlStorage(database, term, onDeposed);
  await storage.dropUnfinishedFiles();
  return storage;
}

class SqlStorage extends SqlReader implements Storage {
  readonly #writes: WriteStatements;
  readonly #group: GroupCommit<readonly SqlWrite[]>;
  readonly #onDeposed: (refusal: Error) => void;
  /** The last thing done to each file that something is being done to. */
  readonly #fileTurns = new Map<string, Promise<void>>();
  #closing: Promise<void> | null = null;

  constructor(database: SqlDatabase, term: number, onDeposed: (refusal: Error) => void) {
    super(database);
    const guard = termGuard(database.dialect, term);
    this.#writes = prepareWrites(database.dialect.compiler);
    this.#group = createGroupCommit((units) => database.write(units, guard));
    this.#onDeposed = onDeposed;
  }

  async commit(jobs: readonly JobCommit[], request: RequestRecord | null): Promise<void> {
    await this.#submit(commitWrites(this.#writes, jobs, request));
  }

  forgetRequests(beforeMs: number, limit: number): Promise<void> {
    return this.#submit([{ ...this.#writes.forgetRequests.bind({ beforeMs, limit }), unchanged: null }]);
  }

  putFile(sha256: string, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(sha256, (submit) => storeFile(this.#writes, submit, "file", sha256, bytes));
  }

  putCheckpointFile(sha256: string, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(sha256, (submit) => storeFile(this.#writes, submit, "checkpoint", sha256, bytes));
  }

  dropCheckpointFile(sha256: string): Promise<void> {
    return this.#inTurn(sha256, (submit) => dropCheckpointFile(this.#writes, submit, sha256));
  }

  dropUnfinishedFiles(): Promise<void> {
    return this.#submit([{ ...this.#writes.dropUnfinishedFiles.bind({}), unchanged: null }]);
  }

  override close(): Promise<void> {
    this.#closing ??= super.close().then(() => this.#group.drain());
    return this.#closing;
  }

  /** What is done to one file is done one after the other: a drop amid a put would take chunks of it away. */
  async #inTurn(sha256: string, work: (submit: (unit: readonly SqlWrite[]) => Promise<void>) => Promise<void>) {
    const run = () => work((unit) => this.#submit(unit));
    const turn = (this.#fileTurns.get(sha256) ?? Promise.resolve()).then(run, run);
    this.#fileTurns.set(sha256, turn);
    try {
      await turn;
    } finally {
      if (this.#fileTurns.get(sha256) === turn) this.#fileTurns.delete(sha256);
    }
  }

  async #submit(unit: readonly SqlWrite[]): Promise<void> {
    if (this.#closing !== null) throw storeClosed();
    try {
      await this.#group.submit(unit);
    } catch (error) {
      if (error instanceof StorageError && error.code === "deposed") this.#onDeposed(error);
      throw error;
    }
  }
}
