import { parseSpec } from "../../spec/parse-spec.ts";
import type { JobKey, JobRecord } from "../storage/storage.ts";
import { accuses } from "./attempt-record.ts";
import type { Timer } from "./clock.ts";
import { notLeader, noWeights } from "./errors.ts";
import { wrongState } from "./apply-message.ts";
import type { FairShare } from "./fair-share.ts";
import type { JobAction } from "./job-message.ts";
import { readRecord } from "./job-reader.ts";
import { connectedFor, JobRunner, type RunnerContext } from "./job-runner.ts";
import { emptyJob } from "./load-job.ts";
import { chooseKey, newRecord, type NewJob } from "./new-job.ts";
import { planJob } from "./plan-job.ts";
import { findAnswer, identifyRequest, type RequestId } from "./requests.ts";
import { checkReuse } from "./reuse.ts";

/** All jobs that have not ended, and what researchers do to them. */
export class JobBook {
  private readonly context: RunnerContext;
  private readonly shares: FairShare;
  private readonly leaseTtlMs: number;
  private readonly runners = new Map<JobKey, JobRunner>();
  private readonly wallTimers = new Map<JobKey, Timer>();
  /** Keys of jobs that are being created. */
  private readonly reserved = new Set<JobKey>();
  private readonly mutations = new Set<Promise<unknown>>();
  /** The last mutation of each request id that is under way. */
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(context: RunnerContext, shares: FairShare, leaseTtlMs: number) {
    this.context = context;
    this.shares = shares;
    this.leaseTtlMs = leaseTtlMs;
  }

  /** Runners of the jobs that have not ended. */
  all(): Iterable<JobRunner> {
    return this.runners.values();
  }

  get(key: JobKey): JobRunner | undefined {
    return this.runners.get(key);
  }

  /** Has the job's trials leased, and its wall time kept, from now on. */
  add(runner: JobRunner): void {
    const { key, spec } = runner.job.plan;
    this.runners.set(key, runner);
    if (spec.evaluator.type === "supernet" && this.context.weights === null) {
      this.context.logger.error({ job: key }, "no trials are leased of a job whose shared weights are not kept here");
    } else this.shares.add(runner);
    this.armWallTimer(runner);
    runner.weights.follow();
  }

  /** Takes out a job that has ended. Idempotent. */
  remove(runner: JobRunner): void {
    const { key } = runner.job.plan;
    this.runners.delete(key);
    this.shares.remove(runner);
    this.wallTimers.get(key)?.cancel();
    this.wallTimers.delete(key);
  }

  /** Resolves when nothing is under way: no mutation, and no message to a job. Never rejects. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.mutations);
    await Promise.all([...this.runners.values()].map((runner) => runner.settled()));
  }

  stopTimers(): void {
    for (const timer of this.wallTimers.values()) timer.cancel();
    this.wallTimers.clear();
  }

  /** Counts the workers' time up to now; to be called before a worker connects or leaves. */
  countTime(): void {
    const nowMs = this.context.clock.now();
    for (const { job } of this.runners.values()) {
      job.meter.advance(nowMs, connectedFor(job, this.context.pool));
    }
  }

  /** A worker's stream has broken. */
  noteBreak(workerId: string): void {
    const held = [...this.runners.values()].flatMap(({ job }) => job.leases.of(workerId));
    const [only, ...others] = held;
    // Of several leases nobody can tell which one was being evaluated.
    if (only !== undefined && others.length === 0) only.brokeOff = true;
  }

  /** A worker's stream is open (again): whatever it was thought to have died of is innocent of that. */
  noteReturn(workerId: string): void {
    for (const runner of this.runners.values()) {
      for (const lease of runner.job.leases.of(workerId)) lease.brokeOff = false;
      for (const row of runner.job.open.values()) {
        if (!accuses(row, workerId)) continue;
        runner.post({ type: "acquit", workerId });
        break;
      }
    }
  }

  /**
   * Creates a job and starts it, or only checks that it could be. Rejects with SpecError, EngineError (`invalid`, `alreadyExists`,
   * `failedPrecondition`) or StorageError.
   */
  create(job: NewJob): Promise<JobRecord> {
    const files = [...job.files].sort(([a], [b]) => (a < b ? -1 : 1));
    const parts = ["CreateJob", job.project, job.jobId, JSON.stringify(job.spec), JSON.stringify(files)];
    const request = job.validateOnly ? null : identifyRequest(job.requestId, parts);
    return this.mutate(request, () => this.createNow(job, request));
  }

  /** Pauses, resumes or cancels a job. Rejects with EngineError (`invalid`, `notFound`, `failedPrecondition`) or StorageError. */
  control(action: JobAction, key: JobKey, requestId: string): Promise<JobRecord> {
    const request = identifyRequest(requestId, [action, key]);
    return this.mutate(request, async () => {
      const runner = this.runners.get(key);
      if (runner === undefined) throw wrongState(action, (await this.readRecord(key)).state);
      this.assertServing();
      return await new Promise<JobRecord>((resolve, reject) =>
        runner.post({ type: "control", action, request, resolve, reject }),
      );
    });
  }

  /** The job's row as of its last commit. Rejects with EngineError `notFound` or StorageError. */
  async readRecord(key: JobKey): Promise<JobRecord> {
    return this.runners.get(key)?.job.checkpoint.record ?? (await readRecord(this.context.storage, key));
  }

  private async createNow(job: NewJob, request: RequestId | null): Promise<JobRecord> {
    const { storage, clock, logger } = this.context;
    const spec = parseSpec(job.spec);
    const nowMs = clock.now();
    const key = await chooseKey(job, spec, nowMs, (wanted) => this.reserve(wanted));
    try {
      if (spec.evaluator.type === "supernet" && this.context.weights === null) throw noWeights();
      const plan = await planJob(key, spec, job.files, storage);
      await checkReuse(plan, job.project, job.files, storage);
      const record = newRecord(plan, job, nowMs);
      if (job.validateOnly) return record;
      this.assertServing();
      const checkpoint = { record, state: plan.search.init(spec.seed), seq: 0 };
      const fresh = emptyJob(plan, checkpoint, { busyMs: 0, connectedMs: 0 }, this.leaseTtlMs, nowMs);
      const runner = await JobRunner.start(fresh, this.context, request, (started) => this.add(started));
      logger.info({ job: key, space: plan.space.name, algorithm: plan.spec.search.algorithm.name }, "job created");
      return runner.job.checkpoint.record;
    } finally {
      this.reserved.delete(key);
    }
  }

  /** Whether the key is free; it is then kept for the caller, who gives it back. */
  private async reserve(key: JobKey): Promise<boolean> {
    if (this.reserved.has(key)) return false;
    this.reserved.add(key);
    let isFree = false;
    try {
      isFree = (await this.context.storage.getJob(key)) === null;
    } finally {
      if (!isFree) this.reserved.delete(key);
    }
    return isFree;
  }

  private mutate(request: RequestId | null, run: () => Promise<JobRecord>): Promise<JobRecord> {
    const mutation = this.once(request, run);
    this.mutations.add(mutation);
    const done = (): void => void this.mutations.delete(mutation);
    mutation.then(done, done);
    return mutation;
  }

  private assertServing(): void {
    if (this.context.signal.aborted) throw notLeader(null);
  }

  /** Runs a mutation, or gives the first answer where its request was answered before; repeats that come together wait for it. */
  private async once(request: RequestId | null, run: () => Promise<JobRecord>): Promise<JobRecord> {
    if (request === null) return await run();
    const before = this.underWay.get(request.id) ?? Promise.resolve();
    const mutation = before
      .catch(() => undefined)
      .then(async () => (await findAnswer(this.context.storage, request)) ?? (await run()));
    this.underWay.set(request.id, mutation);
    try {
      return await mutation;
    } finally {
      if (this.underWay.get(request.id) === mutation) this.underWay.delete(request.id);
    }
  }

  /** The time counts from the job's creation, through pauses and restarts. */
  private armWallTimer(runner: JobRunner): void {
    const { plan, checkpoint } = runner.job;
    const { wallMs } = plan.spec.search.budget;
    if (wallMs === null || this.context.signal.aborted) return;
    const { clock } = this.context;
    const leftMs = checkpoint.record.createTimeMs + wallMs - clock.now();
    const timer = clock.setTimer(Math.max(0, leftMs), () => {
      // Timers may fire a little early, and the core goes by the clock.
      if (clock.now() < checkpoint.record.createTimeMs + wallMs) this.armWallTimer(runner);
      else runner.post({ type: "wallTimeSpent" });
    });
    this.wallTimers.set(plan.key, timer);
  }
}
