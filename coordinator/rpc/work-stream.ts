import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { Logger } from "pino";
import type { OutcomeAck as WireAck } from "../../proto/gen/fpnas/v1/OutcomeAck.ts";
import type { WorkRequest__Output } from "../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse } from "../../proto/gen/fpnas/v1/WorkResponse.ts";
import type { Engine } from "../scheduling/engine.ts";
import { invalidField, type EngineError } from "../scheduling/errors.ts";
import type { FromWorker, ToldOutcome, ToWorker, WorkerSession, WorkerStream } from "../scheduling/worker-session.ts";
import { toStatus } from "./status.ts";
import { decodeBusy, decodeKey, decodeOutcome, encodeAck, encodeKey, encodeLease } from "./work-messages.ts";

type Call = ServerDuplexStream<WorkRequest__Output, WorkResponse>;

/** The most that one request may ask for. */
const maxWantLeases = 1024;

/** Outcomes that may wait for their answer; above it the stream is not read. */
const maxUnanswered = 4096;

/** Entries of each kind in one response: keeps it far below the message limit, whatever the networks. */
const maxEntries = 128;

/**
 * One Work call: opening (the first request names the worker) -> open -> leaving (the worker has half-closed, its outcomes are still
 * answered) -> over. A worker that does not read is not read either, and what is said to it waits in the call's buffer, which its
 * credit and `maxUnanswered` bound.
 */
export class WorkCall implements WorkerStream {
  private readonly engine: Engine;
  private readonly call: Call;
  private readonly logger: Logger;
  private session: WorkerSession | null = null;
  private unanswered = 0;
  private isClogged = false;
  private isLeaving = false;
  private isOver = false;

  /** Serves the call until it is over. */
  static serve(engine: Engine, call: Call, logger: Logger): void {
    new WorkCall(engine, call, logger).listen();
  }

  private constructor(engine: Engine, call: Call, logger: Logger) {
    this.engine = engine;
    this.call = call;
    this.logger = logger;
  }

  private listen(): void {
    const { call } = this;
    call.on("data", (request: WorkRequest__Output) => this.guard(() => this.receive(request)));
    call.on("end", () => this.guard(() => this.leave()));
    call.on("drain", () => this.unclog());
    call.on("cancelled", () => this.finish());
    call.on("close", () => this.finish());
    call.on("error", () => this.finish());
  }

  send({ leases, acks, revoked }: ToWorker): void {
    this.unanswered -= acks.length;
    for (const part of partsOf(leases, acks, revoked)) this.write(part);
    if (this.isLeaving && this.unanswered <= 0) this.endInOrder();
    else this.readOn();
  }

  end(cause: EngineError): void {
    this.fail(cause);
  }

  private receive(request: WorkRequest__Output): void {
    if (this.isOver) return;
    const session = (this.session ??= this.engine.openSession(request.workerId, this));
    if (request.wantLeases > maxWantLeases) throw invalidField("want_leases", `must be at most ${maxWantLeases}.`);
    this.engine.receive(session, this.decode(request));
    if (this.unanswered > maxUnanswered) this.call.pause();
  }

  /** Outcomes and renewals whose key names no trial are answered at once. */
  private decode({ wantLeases, renewals, outcomes }: WorkRequest__Output): FromWorker {
    const strange: WireAck[] = [];
    const known: ToldOutcome[] = [];
    for (const outcome of outcomes) {
      const key = decodeKey(outcome.key);
      if (key === null) strange.push({ key: outcome.key, verdict: "VERDICT_STALE" });
      else known.push({ key, outcome: decodeOutcome(outcome), ...decodeBusy(outcome) });
    }
    const revoked = renewals.filter((wire) => decodeKey(wire) === null);
    if (strange.length + revoked.length > 0) this.write({ acks: strange, revoked });
    this.unanswered += known.length;
    return { wantLeases, renewals: renewals.flatMap((wire) => decodeKey(wire) ?? []), outcomes: known };
  }

  private leave(): void {
    this.isLeaving = true;
    if (this.session === null || this.unanswered <= 0) this.endInOrder();
    else this.engine.drainSession(this.session);
  }

  private endInOrder(): void {
    if (this.isOver) return;
    this.finish();
    this.call.end();
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.finish();
    this.call.emit("error", toStatus(error, this.logger));
  }

  private finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.session !== null) this.engine.closeSession(this.session);
  }

  private guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(error);
    }
  }

  private write(response: WorkResponse): void {
    if (this.isOver || this.call.write(response)) return;
    this.isClogged = true;
    this.call.pause();
  }

  private unclog(): void {
    this.isClogged = false;
    this.readOn();
  }

  private readOn(): void {
    if (!this.isOver && !this.isClogged && this.unanswered <= maxUnanswered) this.call.resume();
  }
}

/** What is said at one time, in one response where it fits: a message costs more than what is in it. */
function* partsOf(
  leases: ToWorker["leases"],
  acks: ToWorker["acks"],
  revoked: ToWorker["revoked"],
): Iterable<WorkResponse> {
  const most = Math.max(leases.length, acks.length, revoked.length);
  for (let start = 0; start < most; start += maxEntries) {
    const end = start + maxEntries;
    yield {
      leases: leases.slice(start, end).map(encodeLease),
      acks: acks.slice(start, end).map(encodeAck),
      revoked: revoked.slice(start, end).map(encodeKey),
    };
  }
}
