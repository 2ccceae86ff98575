import { storeClosed } from "../refusals.ts";
import { StorageError } from "../storage.ts";
import type { JobCommit, RequestRecord, Storage } from "../storage.ts";
import { commitWrites } from "./commit-writes.ts";
import { storeFile } from "./files.ts";
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

  putFile(sha256: string, bytes: Uint8Array): Promise<void> {
    return storeFile(this.#writes, (unit) => this.#submit(unit), sha256, bytes);
  }

  dropUnfinishedFiles(): Promise<void> {
    return this.#submit([{ ...this.#writes.dropUnfinishedFiles.bind({}), unchanged: null }]);
  }

  override close(): Promise<void> {
    this.#closing ??= super.close().then(() => this.#group.drain());
    return this.#closing;
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
