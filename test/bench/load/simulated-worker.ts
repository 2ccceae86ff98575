import { credentials, type ClientDuplexStream } from "@grpc/grpc-js";
import type { Outcome } from "../../../proto/gen/fpnas/v1/Outcome.ts";
import type { WorkerServiceClient } from "../../../proto/gen/fpnas/v1/WorkerService.ts";
import type { WorkRequest } from "../../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse__Output } from "../../../proto/gen/fpnas/v1/WorkResponse.ts";
import { workerService } from "../../../proto/load.ts";
import type { LoadRecorder } from "./load-recorder.ts";

/** What a simulated worker is. */
export interface SimulatedWorkerConfig {
  readonly address: string;
  readonly workerId: string;
  readonly held: number;
  /** Milliseconds of the next evaluation; 0 for none. */
  readonly evaluationMs: () => number;
}

/**
 * A worker without evaluators: it speaks worker.proto over a connection of its own as a real one does (credit for as many leases as it
 * may hold, one request for all that happened in a turn of the event loop, renewals at the heartbeat) and makes its measurements up.
 */
export class SimulatedWorker {
  readonly #config: SimulatedWorkerConfig;
  readonly #recorder: LoadRecorder;
  readonly #stub: WorkerServiceClient;
  #stream: ClientDuplexStream<WorkRequest, WorkResponse__Output> | null = null;
  #heartbeat: NodeJS.Timeout | undefined;
  /** Leases under evaluation by trial, to their tokens. */
  readonly #held = new Map<string, number>();
  /** When each unanswered wish for a lease was sent, oldest first from `#wishesRead` on. */
  #wishes: number[] = [];
  #wishesRead = 0;
  /** When each unacknowledged outcome was sent, by trial. */
  readonly #sent = new Map<string, number>();
  #ended: Outcome[] = [];
  #flushing = false;
  #closed = false;

  constructor(config: SimulatedWorkerConfig, recorder: LoadRecorder) {
    this.#config = config;
    this.#recorder = recorder;
    this.#stub = new workerService(config.address, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_http_proxy": 0,
    });
  }

  /** Registers. */
  async register(): Promise<void> {
    const { workerId } = this.#config;
    const request = { workerId, host: "bench", backend: "none", evaluators: ["tabular"], version: "" };
    const heartbeatMs = await new Promise<number>((resolve, reject) => {
      this.#stub.register(request, { deadline: Date.now() + 60_000 }, (error, settings) => {
        if (error !== null) reject(error);
        else resolve(settings?.heartbeatIntervalMs ?? 10_000);
      });
    });
    this.#heartbeat = setInterval(() => this.#renew(), heartbeatMs);
  }

  /** Opens the stream and asks for the first leases. A stream that breaks ends the load with its error. */
  work(): void {
    const stream = this.#stub.work();
    this.#stream = stream;
    stream.on("data", (response: WorkResponse__Output) => this.#receive(response));
    stream.on("error", (error) => {
      if (!this.#closed) this.#recorder.fail(error);
    });
    this.#wish(this.#config.held);
    stream.write({ workerId: this.#config.workerId, wantLeases: this.#config.held });
  }

  /** Cuts the stream and the connection. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    this.#stream?.cancel();
    this.#stub.close();
  }

  #wish(leases: number): void {
    const now = performance.now();
    for (let index = 0; index < leases; index += 1) this.#wishes.push(now);
  }

  #receive({ acks, leases }: WorkResponse__Output): void {
    const now = performance.now();
    for (const { key, verdict } of acks) {
      const trial = key?.trial ?? "";
      const sentMs = this.#sent.get(trial) ?? NaN;
      this.#sent.delete(trial);
      this.#recorder.acknowledged(verdict === "VERDICT_ACCEPTED", now - sentMs, now);
    }
    for (const { key } of leases) {
      if (key === null) continue;
      this.#recorder.leased(now - this.#nextWish(), now);
      this.#held.set(key.trial, key.leaseToken);
      const evaluationMs = this.#config.evaluationMs();
      if (evaluationMs === 0) this.#end(key.trial);
      else setTimeout(() => this.#end(key.trial), evaluationMs);
    }
  }

  #nextWish(): number {
    const wish = this.#wishes[this.#wishesRead++] ?? NaN;
    if (this.#wishesRead === 1024) {
      this.#wishes = this.#wishes.slice(this.#wishesRead);
      this.#wishesRead = 0;
    }
    return wish;
  }

  #end(trial: string): void {
    const leaseToken = this.#held.get(trial);
    if (leaseToken === undefined || this.#closed) return;
    this.#held.delete(trial);
    const measurement = { accuracy: this.#recorder.accuracy(), loss: 1, steps: 100 };
    this.#ended.push({ key: { trial, leaseToken }, measurement });
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    const outcomes = this.#ended;
    this.#ended = [];
    if (this.#closed) return;
    const now = performance.now();
    for (const { key } of outcomes) this.#sent.set(key?.trial ?? "", now);
    this.#wish(outcomes.length);
    this.#stream?.write({ wantLeases: outcomes.length, outcomes });
  }

  #renew(): void {
    if (this.#held.size === 0) return;
    this.#stream?.write({ renewals: [...this.#held].map(([trial, leaseToken]) => ({ trial, leaseToken })) });
  }
}
