import type { Logger } from "pino";
import { StorageError, type Storage } from "../storage/storage.ts";
import type { Clock } from "./clock.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { EngineError, invalidField } from "./errors.ts";
import type { JobBook } from "./job-book.ts";
import { checkOutcome, judgeRepeat, type Outcome } from "./outcome.ts";
import type { Watchers } from "./watchers.ts";
import type { WorkerPool } from "./worker-pool.ts";
import type { FromWorker, LeaseKey, WorkerInfo, WorkerSession, WorkerStream } from "./worker-session.ts";

/** What the desk works with. */
export interface WorkerDeskParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pool: WorkerPool;
  readonly jobs: JobBook;
  readonly dispatcher: Dispatcher;
  readonly watchers: Watchers;
}

const workerIdPattern = /^[A-Za-z0-9._-]{1,128}$/;

/** Where workers come and go, and bring what they have. */
export class WorkerDesk {
  private readonly parts: WorkerDeskParts;

  constructor(parts: WorkerDeskParts) {
    this.parts = parts;
  }

  /** Idempotent. Throws EngineError `invalid`. */
  register(info: WorkerInfo): void {
    if (!workerIdPattern.test(info.workerId)) {
      throw invalidField("worker_id", "must be 1 to 128 characters of [A-Za-z0-9._-].");
    }
    if (info.evaluators.length === 0) throw invalidField("evaluators", "must name at least one evaluator.");
    const { pool, clock, logger } = this.parts;
    pool.register(info, clock.now());
    const { workerId: worker, host, backend, evaluators, version } = info;
    logger.info({ worker, host, backend, evaluators, version }, "worker registered");
  }

  /** Opens a worker's stream, and ends the one it had. Throws EngineError `failedPrecondition` where it has not registered. */
  open(workerId: string, stream: WorkerStream): WorkerSession {
    const { pool, clock, jobs, logger, watchers } = this.parts;
    jobs.countTime();
    const session = pool.open(workerId, stream, clock.now());
    jobs.noteReturn(workerId);
    logger.info({ worker: workerId, workers: pool.connected }, "worker connected");
    watchers.wakeAll();
    return session;
  }

  /** The worker takes no more leases; its outcomes are still answered. */
  drain(session: WorkerSession): void {
    session.isLeaving = true;
    session.credit = 0;
    this.parts.dispatcher.remove(session);
  }

  /** The worker has left; it keeps its leases until they expire. Idempotent. */
  close(session: WorkerSession): void {
    const { pool, clock, jobs, dispatcher, logger, watchers } = this.parts;
    if (!session.isOpen) return;
    jobs.countTime();
    pool.close(session, clock.now(), null);
    jobs.noteBreak(session.worker.workerId);
    dispatcher.remove(session);
    logger.info({ worker: session.worker.workerId, workers: pool.connected }, "worker disconnected");
    watchers.wakeAll();
  }

  /** A session's first message names all that its worker holds. Renewals take effect at once; each outcome is answered on the session when its effect is durable. */
  receive(session: WorkerSession, message: FromWorker): void {
    if (!session.isOpen) return;
    const { clock, jobs, dispatcher } = this.parts;
    const nowMs = clock.now();
    if (!session.hasSpoken) this.releaseUnknown(session, message);
    session.hasSpoken = true;
    const revoked = message.renewals.filter(
      ({ job, trial, token }) => jobs.get(job)?.job.leases.renew(trial, token, nowMs) !== true,
    );
    if (revoked.length > 0) session.stream.send({ leases: [], acks: [], revoked });
    for (const { key, outcome, busySeconds = null } of message.outcomes) {
      const runner = jobs.get(key.job);
      if (runner === undefined) void this.answerLate(session, key, outcome);
      else runner.post({ type: "outcome", key, outcome, busySeconds, session });
    }
    dispatcher.addCredit(session, message.wantLeases);
    dispatcher.dispatch();
  }

  /**
   * Has leases given to others at once that their worker does not know of: they were lost with a stream, or with the coordinator that
   * gave them, before they had come.
   */
  private releaseUnknown({ worker }: WorkerSession, { renewals, outcomes }: FromWorker): void {
    const known = new Set([...renewals, ...outcomes.map(({ key }) => key)].map(keyText));
    for (const runner of this.parts.jobs.all()) {
      const { plan, leases } = runner.job;
      for (const { trial, token } of leases.of(worker.workerId)) {
        if (!known.has(keyText({ job: plan.key, trial, token }))) runner.post({ type: "release", trial, token });
      }
    }
  }

  /** Of a job that has ended, or never was. */
  private async answerLate(session: WorkerSession, key: LeaseKey, outcome: Outcome): Promise<void> {
    const { storage, clock, pool, logger } = this.parts;
    try {
      const row = await storage.getTrial(key.job, key.trial);
      const verdict = judgeRepeat(row, key.token, checkOutcome(outcome));
      if (session.isOpen) session.stream.send({ leases: [], acks: [{ key, verdict }], revoked: [] });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // The worker sends it again on its next stream.
      logger.warn({ err: error, worker: session.worker.workerId }, "store unavailable, stream ended");
      pool.close(session, clock.now(), new EngineError("unavailable", "STORE_UNAVAILABLE", "the store is unavailable"));
    }
  }
}

function keyText({ job, trial, token }: LeaseKey): string {
  return `${job} ${trial} ${token}`;
}
