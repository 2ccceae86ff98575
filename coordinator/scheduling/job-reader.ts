import type {
  JobKey,
  JobRecord,
  Page,
  Paged,
  RoundRecord,
  Snapshot,
  StorageReader,
  TrialRecord,
} from "../storage/storage.ts";
import type { StoredFile } from "../storage/stored-file.ts";
import { EngineError } from "./errors.ts";
import type { JobView } from "./watchers.ts";

/** What every coordinator answers alike, whether it leads or follows: jobs as of their last commit. */
export class JobReader {
  private readonly storage: StorageReader;
  private readonly workersFor: (record: JobRecord) => number;

  /** @param workersFor How many workers are connected to this coordinator now that can evaluate the job's trials. */
  constructor(storage: StorageReader, workersFor: (record: JobRecord) => number) {
    this.storage = storage;
    this.workersFor = workersFor;
  }

  /** Rejects with EngineError `notFound` or StorageError. */
  async getJob(key: JobKey): Promise<JobView> {
    return this.view(await readRecord(this.storage, key));
  }

  /** The project's jobs, newest first. Rejects with StorageError. */
  listJobs(project: string, page: Page): Promise<Paged<JobRecord>> {
    return this.storage.listJobs(project, page);
  }

  /** The job's trials in order of their number. Rejects with EngineError `notFound` or StorageError. */
  async listTrials(key: JobKey, page: Page): Promise<Paged<TrialRecord>> {
    await readRecord(this.storage, key);
    return await this.storage.listTrials(key, page);
  }

  /** The job's closed rounds in order. Rejects with EngineError `notFound` or StorageError. */
  async listRounds(key: JobKey, page: Page): Promise<Paged<RoundRecord>> {
    await readRecord(this.storage, key);
    return await this.storage.listRounds(key, page);
  }

  /** The job's last snapshot; null before the first. Rejects with StorageError. */
  readSnapshot(key: JobKey): Promise<Snapshot | null> {
    return this.storage.readSnapshot(key);
  }

  /** At most `limit` events of the job after `seq`, in order. Rejects with StorageError. */
  readEvents(key: JobKey, afterSeq: number, limit: number): Promise<readonly (readonly [number, string])[]> {
    return this.storage.readEvents(key, afterSeq, limit);
  }

  /** Null where no such file was put. Rejects with StorageError. */
  getFile(sha256: string): Promise<StoredFile | null> {
    return this.storage.getFile(sha256);
  }

  /** A row with how many workers are connected now that can evaluate its trials. */
  view(record: JobRecord): JobView {
    return { record, workers: this.workersFor(record) };
  }
}

/** The job's row. Rejects with EngineError `notFound` or StorageError. */
export async function readRecord(storage: StorageReader, key: JobKey): Promise<JobRecord> {
  const record = await storage.getJob(key);
  if (record === null) throw new EngineError("notFound", "JOB_NOT_FOUND", `there is no job ${key}`);
  return record;
}
