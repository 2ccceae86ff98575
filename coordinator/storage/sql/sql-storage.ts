import { jobListing, pageOf, roundListing, startOf, trialListing } from "../paging.ts";
import { storeClosed } from "../refusals.ts";
import type {
  JobCommit,
  JobKey,
  JobRecord,
  Page,
  Paged,
  RequestRecord,
  RoundRecord,
  Snapshot,
  Storage,
  TrialRecord,
} from "../storage.ts";
import { commitWrites } from "./commit-writes.ts";
import { fetchFile, storeFile } from "./files.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { GroupCommit } from "./group-commit.ts";
import { hashesPerQuery, hashLookup, prepareReads } from "./read-statements.ts";
import type { ReadStatements } from "./read-statements.ts";
import type { SqlDatabase, SqlStatement, SqlWrite } from "./sql-database.ts";
import { prepareWrites } from "./write-statements.ts";
import type { WriteStatements } from "./write-statements.ts";

/** Makes a store of a database whose schema is the newest (`migrate`). It owns the database from here on. */
export async function createSqlStorage(database: SqlDatabase): Promise<Storage> {
  const writes = prepareWrites(database.dialect.compiler);
  await database.write([[{ ...writes.dropUnfinishedFiles.bind({}), unchanged: null }]]);
  return new SqlStorage(database, writes);
}

class SqlStorage implements Storage {
  readonly #database: SqlDatabase;
  readonly #reads: ReadStatements;
  readonly #writes: WriteStatements;
  readonly #group: GroupCommit<readonly SqlWrite[]>;
  #closing: Promise<void> | null = null;

  constructor(database: SqlDatabase, writes: WriteStatements) {
    this.#database = database;
    this.#reads = prepareReads(database.dialect.compiler);
    this.#writes = writes;
    this.#group = createGroupCommit((units) => database.write(units));
  }

  async commit(jobs: readonly JobCommit[], request: RequestRecord | null): Promise<void> {
    await this.#submit(commitWrites(this.#writes, jobs, request));
  }

  getJob(key: JobKey): Promise<JobRecord | null> {
    return this.#first(this.#reads.job.bind({ key }));
  }

  async listJobs(project: string, page: Page): Promise<Paged<JobRecord>> {
    const [createTimeMs, key] = startOf(jobListing, project, page);
    const rows = await this.#all(this.#reads.jobPage.bind({ project, createTimeMs, key, limit: page.size + 1 }));
    return pageOf(jobListing, project, rows, page.size);
  }

  openJobs(): Promise<readonly JobRecord[]> {
    return this.#all(this.#reads.openJobs.bind({}));
  }

  getTrial(job: JobKey, trial: number): Promise<TrialRecord | null> {
    return this.#first(this.#reads.trial.bind({ job, trial }));
  }

  async listTrials(job: JobKey, page: Page): Promise<Paged<TrialRecord>> {
    const [after] = startOf(trialListing, job, page);
    const rows = await this.#all(this.#reads.trialPage.bind({ job, after, limit: page.size + 1 }));
    return pageOf(trialListing, job, rows, page.size);
  }

  openTrials(job: JobKey): Promise<readonly TrialRecord[]> {
    return this.#all(this.#reads.openTrials.bind({ job }));
  }

  async findTrials(job: JobKey, hashes: readonly string[]): Promise<readonly TrialRecord[]> {
    const distinct = [...new Set(hashes)];
    const found: TrialRecord[] = [];
    for (let start = 0; start < distinct.length; start += hashesPerQuery) {
      const some = distinct.slice(start, start + hashesPerQuery);
      found.push(...(await this.#all(this.#reads.searchTrialsByHash.bind(hashLookup(job, some)))));
    }
    return found.sort((a, b) => a.trial - b.trial);
  }

  async listRounds(job: JobKey, page: Page): Promise<Paged<RoundRecord>> {
    const [after] = startOf(roundListing, job, page);
    const rows = await this.#all(this.#reads.roundPage.bind({ job, after, limit: page.size + 1 }));
    return pageOf(roundListing, job, rows, page.size);
  }

  readSnapshot(job: JobKey): Promise<Snapshot | null> {
    return this.#first(this.#reads.snapshot.bind({ job }));
  }

  async readEvents(
    job: JobKey,
    afterSeq: number,
    limit = Number.MAX_SAFE_INTEGER,
  ): Promise<readonly (readonly [number, string])[]> {
    const rows = await this.#all(this.#reads.events.bind({ job, after: afterSeq, limit }));
    return rows.map(({ seq, json }) => [seq, json] as const);
  }

  findRequest(requestId: string): Promise<RequestRecord | null> {
    return this.#first(this.#reads.request.bind({ requestId }));
  }

  putFile(sha256: string, bytes: Uint8Array): Promise<void> {
    return storeFile(this.#writes, (unit) => this.#submit(unit), sha256, bytes);
  }

  getFile(sha256: string): Promise<Uint8Array | null> {
    return fetchFile(this.#reads, (statement) => this.#first(statement), sha256);
  }

  close(): Promise<void> {
    this.#closing ??= this.#group.drain().then(() => this.#database.close());
    return this.#closing;
  }

  async #submit(unit: readonly SqlWrite[]): Promise<void> {
    if (this.#closing !== null) throw storeClosed();
    await this.#group.submit(unit);
  }

  async #all<O>(statement: SqlStatement<O>): Promise<readonly O[]> {
    if (this.#closing !== null) throw storeClosed();
    return await this.#database.read(statement);
  }

  async #first<O>(statement: SqlStatement<O>): Promise<O | null> {
    const [row] = await this.#all(statement);
    return row ?? null;
  }
}
