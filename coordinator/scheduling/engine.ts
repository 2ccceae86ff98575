import { setMaxListeners } from "node:events";
import type { Logger } from "pino";
import type { JobKey, JobRecord, Storage } from "../storage/storage.ts";
import type { WeightsStore } from "../weights/weights-store.ts";
import { CheckpointDesk, type CheckpointUpload, type CheckpointVerdict } from "./checkpoint-desk.ts";
import { CheckpointFiles } from "./checkpoint-files.ts";
import type { Clock } from "./clock.ts";
import { Dispatcher } from "./dispatcher.ts";
import { isDeposed, notLeader } from "./errors.ts";
import { FairShare } from "./fair-share.ts";
import { JobBook } from "./job-book.ts";
import type { JobAction } from "./job-message.ts";
import { JobRunner, type RunnerContext } from "./job-runner.ts";
import { evaluatorOf } from "./load-job.ts";
import type { NewJob } from "./new-job.ts";
import { gaugesOf, type EngineGauges, type EngineObserver } from "./observer.ts";
import { RequestPruner } from "./request-pruner.ts";
import { Sweeper } from "./sweeper.ts";
import { takeUpJobs } from "./take-up.ts";
import type { Turn } from "./turn.ts";
import { watchJob, Watchers, type JobView } from "./watchers.ts";
import { WeightsDesk, type UpdateUpload, type UpdateVerdict, type WeightsRequest } from "./weights-desk.ts";
import { WorkerDesk } from "./worker-desk.ts";
import { WorkerPool } from "./worker-pool.ts";
import type { FromWorker, WorkerInfo, WorkerSession, WorkerStream } from "./worker-session.ts";

/** What an engine is started with. */
export interface EngineOptions {
  /** The engine is its only writer, and does not close it. */
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A lease ends this long after it was given or last renewed. */
  readonly leaseTtlMs: number;
  /** The shared weights of supernets' jobs; where there are none, such jobs are refused. */
  readonly weights?: WeightsStore | null;
  /** Counts what is done, for operators. */
  readonly observer?: EngineObserver;
}

/** How a worker is to behave (RegisterResponse). */
export interface WorkerTerms {
  readonly leaseTtlMs: number;
  readonly heartbeatIntervalMs: number;
}

/**
 * The shell around the searches: starting (takes up the store's open jobs) -> serving -> stopped, by `stop` or by a failure.
 * Every effect on a job is one commit; workers and researchers are answered after it. Once stopped, every method rejects or throws with
 * EngineError `unavailable`, and nothing more is written.
 */
export class Engine {
  /** Resolves, with the cause, when the engine cannot go on: another leads or writes, the store is broken. Never rejects. */
  readonly failed: Promise<Error>;
  private readonly options: EngineOptions;
  private readonly watchers = new Watchers();
  private readonly pool = new WorkerPool();
  private readonly shares = new FairShare();
  private readonly dispatcher = new Dispatcher(this.shares);
  private readonly ending = new AbortController();
  private readonly checkpointFiles: CheckpointFiles;
  private readonly checkpoints: CheckpointDesk;
  private readonly weights: WeightsDesk;
  private readonly jobs: JobBook;
  private readonly desk: WorkerDesk;
  private readonly pruner: RequestPruner;
  private readonly sweeper: Sweeper;
  private reportFailure: (error: Error) => void = () => undefined;

  /** Starts an engine on a store. Rejects with StorageError where the open jobs cannot be read. */
  static async start(options: EngineOptions): Promise<Engine> {
    const { storage, clock, logger, leaseTtlMs } = options;
    const beginMs = clock.now();
    const open = await takeUpJobs(storage, logger, leaseTtlMs, beginMs);
    const checkpointFiles = new CheckpointFiles(storage, logger);
    for (const job of open) for (const row of job.open.values()) checkpointFiles.follow(undefined, row);
    await checkpointFiles.dropLoose();
    const engine = new Engine(options, checkpointFiles);
    // The process may have stood still meanwhile, or its clock been set: no lease of before may end too soon, or hours too late.
    const nowMs = clock.now();
    for (const { leases } of open) leases.extendAll(nowMs, nowMs - beginMs);
    for (const job of open) engine.jobs.add(new JobRunner(job, engine.context()));
    return engine;
  }

  private constructor(options: EngineOptions, checkpointFiles: CheckpointFiles) {
    this.options = options;
    this.checkpointFiles = checkpointFiles;
    const { storage, clock, logger, leaseTtlMs } = options;
    // Every job that waits for the store listens; Node would print a warning from the eleventh on.
    setMaxListeners(0, this.ending.signal);
    this.failed = new Promise((resolve) => (this.reportFailure = resolve));
    this.jobs = new JobBook(this.context(), this.shares, leaseTtlMs);
    const { pool, jobs, dispatcher, watchers } = this;
    this.checkpoints = new CheckpointDesk(jobs, checkpointFiles, this.ending.signal);
    this.weights = new WeightsDesk(jobs, options.weights ?? null, this.ending.signal);
    this.desk = new WorkerDesk({ storage, clock, logger, pool, jobs, dispatcher, watchers });
    this.pruner = new RequestPruner(storage, logger);
    this.sweeper = new Sweeper(clock, leaseTtlMs / 10, (lateMs) => this.sweep(lateMs));
  }

  // Researchers.

  /** As `JobBook.create`. */
  async createJob(job: NewJob): Promise<JobView> {
    this.assertServing();
    return this.view(await this.jobs.create(job));
  }

  /** As `JobBook.control`. */
  async controlJob(action: JobAction, key: JobKey, requestId: string): Promise<JobView> {
    this.assertServing();
    return this.view(await this.jobs.control(action, key, requestId));
  }

  /** The job as of its last commit. Rejects with EngineError `notFound` or StorageError. */
  async getJob(key: JobKey): Promise<JobView> {
    this.assertServing();
    return this.view(await this.jobs.readRecord(key));
  }

  /** As `watchJob`; throws EngineError `notFound`, and `unavailable` where the engine stops first. */
  async *watchJob(key: JobKey, signal: AbortSignal): AsyncGenerator<JobView, void, undefined> {
    const either = AbortSignal.any([signal, this.ending.signal]);
    yield* watchJob(this.watchers, key, () => this.getJob(key), this.options.clock, either);
    this.assertServing();
  }

  /** Idempotent; the caller has checked the hash. Rejects with StorageError. */
  async putFile(sha256: string, bytes: Uint8Array): Promise<void> {
    this.assertServing();
    await this.options.storage.putFile(sha256, bytes);
  }

  /** How many workers are connected now that can evaluate the job's trials. */
  workersFor(record: JobRecord): number {
    return this.pool.connectedFor(evaluatorOf(record));
  }

  /** How it stands now. */
  get gauges(): EngineGauges {
    return { workersConnected: this.pool.connected, jobs: [...this.jobs.all()].map(({ job }) => gaugesOf(job)) };
  }

  // Workers.

  /** As `WorkerDesk.register`. */
  registerWorker(info: WorkerInfo): WorkerTerms {
    this.assertServing();
    this.desk.register(info);
    const { leaseTtlMs } = this.options;
    return { leaseTtlMs, heartbeatIntervalMs: Math.floor(leaseTtlMs / 3) };
  }

  /** As `WorkerDesk.open`. */
  openSession(workerId: string, stream: WorkerStream): WorkerSession {
    this.assertServing();
    return this.desk.open(workerId, stream);
  }

  /** As `WorkerDesk.receive`. */
  receive(session: WorkerSession, message: FromWorker): void {
    this.desk.receive(session, message);
  }

  /** As `CheckpointDesk.put`. */
  async putCheckpoint(upload: CheckpointUpload): Promise<CheckpointVerdict> {
    this.assertServing();
    return await this.checkpoints.put(upload);
  }

  /** As `WeightsDesk.fetch`. */
  fetchWeights(request: WeightsRequest): AsyncIterable<Uint8Array> {
    this.assertServing();
    return this.weights.fetch(request);
  }

  /** As `WeightsDesk.put`. */
  async putUpdate(upload: UpdateUpload): Promise<UpdateVerdict> {
    this.assertServing();
    return await this.weights.put(upload);
  }

  /** As `WorkerDesk.drain`. */
  drainSession(session: WorkerSession): void {
    this.desk.drain(session);
  }

  /** As `WorkerDesk.close`. */
  closeSession(session: WorkerSession): void {
    this.desk.close(session);
  }

  /**
   * Ends all streams and waits until what was received is durable, or the store refuses it: workers send again what was not
   * acknowledged. Idempotent.
   */
  async stop(): Promise<void> {
    this.end();
    await this.jobs.settled();
    await this.pruner.settled();
  }

  private end(): void {
    if (this.ending.signal.aborted) return;
    this.ending.abort(notLeader(null));
    this.sweeper.stop();
    this.jobs.stopTimers();
    this.jobs.countTime();
    this.pool.closeAll(this.options.clock.now(), notLeader(null));
    this.watchers.wakeAll();
  }

  private context(): RunnerContext {
    const { storage, clock, logger, weights = null, observer = null } = this.options;
    return {
      observer,
      storage,
      clock,
      logger,
      weights,
      signal: this.ending.signal,
      pool: this.pool,
      checkpointFiles: this.checkpointFiles,
      onTurn: (runner, turn) => this.afterTurn(runner, turn),
      onFailure: (error) => {
        // An engine that ends has told nobody of what it could not store.
        if (this.ending.signal.aborted) {
          logger.warn({ err: error }, "ended before all that was received was stored");
          return;
        }
        if (isDeposed(error)) logger.warn({ err: error }, "the coordinator has been deposed");
        else logger.fatal({ err: error }, "the coordinator cannot go on");
        this.end();
        this.reportFailure(error);
      },
    };
  }

  private afterTurn(runner: JobRunner, turn: Turn): void {
    const { logger } = this.options;
    const { key } = runner.job.plan;
    const { seq, record } = runner.job.checkpoint;
    logger.debug({ job: key, seq, events: turn.events.length, trials: turn.changed.size }, "turn committed");
    if (turn.hasEnded && this.jobs.get(key) === runner) {
      this.jobs.remove(runner);
      logger.info({ job: key, state: record.state, error: record.error }, "job ended");
    }
    this.watchers.wake(key);
    this.dispatcher.dispatch();
  }

  /** Has leases expire whose deadline has passed. */
  private sweep(lateMs: number): void {
    const { clock, logger, leaseTtlMs } = this.options;
    const nowMs = clock.now();
    this.pool.forgetAbsent(nowMs);
    this.pruner.sweep(nowMs);
    // Renewals that came while this process stood still are still unread, and deadlines by a clock that was set mean nothing.
    const lostTime = Math.abs(lateMs) > leaseTtlMs / 3;
    if (lostTime) logger.warn({ lateMs }, "stood still or the clock was set, every lease is extended");
    for (const runner of this.jobs.all()) {
      const { plan, leases } = runner.job;
      if (lostTime) leases.extendAll(nowMs, lateMs);
      for (const { trial, token, workerId } of leases.takeExpired(nowMs)) {
        logger.warn({ job: plan.key, trial, token, worker: workerId }, "lease expired");
        runner.post({ type: "expire", trial, token });
      }
    }
  }

  private view(record: JobRecord): JobView {
    return { record, workers: this.workersFor(record) };
  }

  /** Throws EngineError `unavailable`. */
  private assertServing(): void {
    this.ending.signal.throwIfAborted();
  }
}
