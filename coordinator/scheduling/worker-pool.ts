import { EngineError } from "./errors.ts";
import type { WorkerInfo, WorkerSession, WorkerStream } from "./worker-session.ts";

/** A worker that has been away this long is forgotten and must register again. */
const forgetAfterMs = 60 * 60 * 1000;

interface KnownWorker {
  readonly info: WorkerInfo;
  session: WorkerSession | null;
  /** When it registered or its last session closed. */
  seenMs: number;
}

/** All workers that have registered, with their open sessions: at most one each. */
export class WorkerPool {
  private readonly workers = new Map<string, KnownWorker>();
  private openSessions = 0;
  /** Open sessions by what their workers can evaluate. */
  private readonly openFor = new Map<string, number>();

  /** How many workers have an open session. */
  get connected(): number {
    return this.openSessions;
  }

  /** How many of them can evaluate this kind of trial. */
  connectedFor(evaluator: string): number {
    return this.openFor.get(evaluator) ?? 0;
  }

  /** Idempotent; what is said now replaces what was said before, from the worker's next session on. */
  register(info: WorkerInfo, nowMs: number): void {
    const session = this.workers.get(info.workerId)?.session ?? null;
    this.workers.set(info.workerId, { info, session, seenMs: nowMs });
  }

  /** A new session, which ends the worker's session before. Throws EngineError `failedPrecondition` where it has not registered. */
  open(workerId: string, stream: WorkerStream, nowMs: number): WorkerSession {
    const known = this.workers.get(workerId);
    if (known === undefined) {
      const message = `worker ${workerId} is not registered: call Register first`;
      throw new EngineError("failedPrecondition", "WORKER_NOT_REGISTERED", message);
    }
    if (known.session !== null) {
      this.close(known.session, nowMs, new EngineError("aborted", "STREAM_REPLACED", "a newer stream took over"));
    }
    const worker = known.info;
    const session: WorkerSession = { worker, stream, credit: 0, isOpen: true, hasSpoken: false, isLeaving: false };
    known.session = session;
    this.count(session, 1);
    return session;
  }

  /** Ends the session, with a cause where the worker does not know it. Idempotent. */
  close(session: WorkerSession, nowMs: number, cause: EngineError | null): void {
    if (!session.isOpen) return;
    session.isOpen = false;
    this.count(session, -1);
    const known = this.workers.get(session.worker.workerId);
    if (known?.session === session) {
      known.session = null;
      known.seenMs = nowMs;
    }
    if (cause !== null) session.stream.end(cause);
  }

  private count({ worker }: WorkerSession, change: number): void {
    this.openSessions += change;
    for (const name of new Set(worker.evaluators)) this.openFor.set(name, this.connectedFor(name) + change);
  }

  closeAll(nowMs: number, cause: EngineError): void {
    for (const { session } of this.workers.values()) if (session !== null) this.close(session, nowMs, cause);
  }

  /** The worker's open session; null where it has none. */
  sessionOf(workerId: string): WorkerSession | null {
    return this.workers.get(workerId)?.session ?? null;
  }

  /** Drops workers that have been away for an hour. */
  forgetAbsent(nowMs: number): void {
    for (const [workerId, known] of this.workers) {
      if (known.session === null && nowMs - known.seenMs > forgetAfterMs) this.workers.delete(workerId);
    }
  }
}
