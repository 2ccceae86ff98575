import { jobListing, pageOf, roundListing, startOf, trialListing } from "../paging.ts";
import { storeClosed } from "../refusals.ts";
import type {
  JobKey,
  JobRecord,
  Page,
  Paged,
  RequestRecord,
  RoundRecord,
  Snapshot,
  StorageReader,
  TrialRecord,
} from "../storage.ts";
import type { StoredFile } from "../stored-file.ts";
import { openFile } from "./files.ts";
import { hashesPerQuery, hashLookup, prepareReads } from "./read-statements.ts";
import type { ReadStatements } from "./read-statements.ts";
import type { SqlDatabase, SqlStatement } from "./sql-database.ts";

/** Reads a database whose schema is the newest (`migrate`). */
export class SqlReader implements StorageReader {
  readonly #database: SqlDatabase;
  readonly #reads: ReadStatements;
  #closed = false;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#reads = prepareReads(database.dialect.compiler);
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

  getFile(sha256: string): Promise<StoredFile | null> {
    return openFile(this.#reads, (statement) => this.#first(statement), sha256);
  }

  async checkpointFiles(): Promise<readonly string[]> {
    return (await this.#all(this.#reads.checkpointFiles.bind({}))).map(({ sha256 }) => sha256);
  }

  /** Refuses what is read from here on. Idempotent. */
  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #all<O>(statement: SqlStatement<O>): Promise<readonly O[]> {
    if (this.#closed) throw storeClosed();
    return await this.#database.read(statement);
  }

  async #first<O>(statement: SqlStatement<O>): Promise<O | null> {
    const [row] = await this.#all(statement);
    return row ?? null;
  }
}
