import { StorageError, type TrialRecord } from "../storage/storage.ts";
import type { WeightsStore } from "../weights/weights-store.ts";
import type { ActiveJob } from "./active-job.ts";
import { applyMessage } from "./apply-message.ts";
import type { CheckpointFiles } from "./checkpoint-files.ts";
import { commitTurn, type CommitContext } from "./commit-turn.ts";
import { mayPass } from "./errors.ts";
import type { JobMessage } from "./job-message.ts";
import { JobWeights } from "./job-weights.ts";
import { newLease } from "./leases.ts";
import { neededEvaluator } from "./needed-evaluator.ts";
import { summarize, type EngineObserver } from "./observer.ts";
import type { RequestId } from "./requests.ts";
import { Turn } from "./turn.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** What a runner needs of the engine around it. */
export interface RunnerContext extends CommitContext {
  readonly pool: WorkerPool;
  readonly checkpointFiles: CheckpointFiles;
  /** Null where the coordinator keeps no shared weights. */
  readonly weights: WeightsStore | null;
  /** Null where nobody counts what is done. */
  readonly observer: EngineObserver | null;
  /** Called after each durable turn, once the job has taken it over. */
  onTurn(runner: JobRunner, turn: Turn): void;
  /** Called when a turn cannot be made durable and never will be: the engine cannot go on. */
  onFailure(error: Error): void;
}

/**
 * Takes a job's messages in order, in turns: idle -> (a message comes) preparing -> committing -> taking over -> idle, or the next
 * turn with all that came meanwhile. Everything that arrives together is one commit. The job in memory changes only after its commit
 * has resolved; only then are workers answered.
 */
export class JobRunner {
  readonly job: ActiveJob;
  private readonly context: RunnerContext;
  /** To be told of the job's state where no turn has. */
  readonly weights: JobWeights;
  private mailbox: JobMessage[] = [];
  private running: Promise<void> | null = null;

  constructor(job: ActiveJob, context: RunnerContext) {
    this.job = job;
    this.context = context;
    this.weights = new JobWeights(job, context, (message) => this.post(message));
  }

  /**
   * A new job's runner, once the job's start is durable; `onStart` takes it in before its first trials are leased. Rejects with
   * StorageError, and with what the search throws; nothing is stored then.
   */
  static async start(
    job: ActiveJob,
    context: RunnerContext,
    request: RequestId | null,
    onStart: (runner: JobRunner) => void,
  ): Promise<JobRunner> {
    const runner = new JobRunner(job, context);
    try {
      const turn = await runner.commit([{ type: "start", request }]);
      onStart(runner);
      runner.takeOver(turn);
    } catch (error) {
      if (error instanceof StorageError && !mayPass(error)) context.onFailure(error);
      throw error;
    }
    return runner;
  }

  post(message: JobMessage): void {
    this.mailbox.push(message);
    this.running ??= this.run();
  }

  /** Resolves when every message posted so far has had its turn, and no merge is under way. Never rejects. */
  async settled(): Promise<void> {
    await this.weights.settled();
    while (this.running !== null) await this.running;
  }

  private async run(): Promise<void> {
    // What the same batch of requests posts still joins the first turn.
    await Promise.resolve();
    while (this.mailbox.length > 0) {
      const batch = this.takeBatch();
      try {
        this.takeOver(await this.makeTurn(batch));
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        for (const message of [...batch, ...this.mailbox]) if ("reject" in message) message.reject(failure);
        this.mailbox = [];
        this.context.onFailure(failure);
      }
    }
    this.running = null;
  }

  /** All messages up to the first control: a commit holds the answer to one request. */
  private takeBatch(): readonly JobMessage[] {
    const control = this.mailbox.findIndex((message) => message.type === "control");
    return this.mailbox.splice(0, control < 0 ? this.mailbox.length : control + 1);
  }

  private async makeTurn(batch: readonly JobMessage[]): Promise<Turn> {
    try {
      return await this.commit(batch);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      // A fault of the search or its space: this job ends, the others go on. The messages then find it ended.
      const text = error instanceof Error ? error.message : String(error);
      this.context.logger.error({ err: error, job: this.job.plan.key }, "search failed");
      return await this.commit([{ type: "fault", error: `the search failed: ${text}` }, ...batch]);
    }
  }

  private commit(batch: readonly JobMessage[]): Promise<Turn> {
    return commitTurn(this.context, async () => {
      const { clock, storage, pool, weights } = this.context;
      const turn = new Turn(this.job, clock.now());
      this.job.meter.advance(turn.nowMs, connectedFor(this.job, pool));
      for (const message of batch) await applyMessage(turn, { storage, weights }, message);
      return turn;
    });
  }

  private takeOver(turn: Turn): void {
    const { clock, pool, observer } = this.context;
    observer?.turned(summarize(turn));
    const nowMs = clock.now();
    this.job.meter.advance(nowMs, connectedFor(this.job, pool));
    this.job.meter.add(turn.works);
    this.job.checkpoint = turn.checkpoint;
    for (const row of turn.changed.values()) {
      this.context.checkpointFiles.follow(this.job.open.get(row.trial), row);
      takeOverRow(this.job, row, nowMs);
    }
    turn.runEffects();
    for (const { trial, token } of turn.outbox.deliver(pool)) this.post({ type: "release", trial, token });
    this.weights.follow();
    this.context.onTurn(this, turn);
  }
}

/** What a worker must have registered to be leased the job's trials that are open now. */
export function neededBy({ plan, checkpoint }: ActiveJob): string {
  return neededEvaluator(plan.spec, checkpoint.state.phase === "training");
}

/** The number of workers at hand for a job, which can evaluate its trials: none while it is not running. */
export function connectedFor(job: ActiveJob, pool: WorkerPool): number {
  return job.checkpoint.record.state === "running" ? pool.connectedFor(neededBy(job)) : 0;
}

function takeOverRow({ plan, checkpoint, open, pending, leases }: ActiveJob, row: TrialRecord, nowMs: number): void {
  if (leases.get(row.trial)?.token !== row.leaseToken || row.state !== "leased") leases.close(row.trial);
  switch (row.state) {
    case "pending":
      open.set(row.trial, row);
      pending.add(row.trial);
      return;
    case "leased":
      open.set(row.trial, row);
      if (leases.get(row.trial) === undefined) {
        leases.open(newLease(row, plan.evaluationOf(row, checkpoint.state), false), nowMs);
      }
      return;
    case "completed":
    case "failed":
    case "infeasible":
    case "cancelled":
      open.delete(row.trial);
      pending.remove(row.trial);
      return;
  }
}
