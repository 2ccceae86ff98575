import type { Evaluation } from "../../network/evaluation.ts";
import type {
  CheckpointHeader,
  Coordinator,
  WorkerSettings,
  WorkStreamEvents,
} from "../../worker/client/coordinator.ts";
import type { Lease, WorkRequest, WorkResponse } from "../../worker/client/lease.ts";
import type { Timers } from "../../worker/client/timers.ts";
import type { Measurement } from "../../network/measurement.ts";
import type { EvaluationContext, Evaluator } from "../../worker/evaluator/evaluator.ts";

/** Time that passes only when told to. */
export class ManualTimers implements Timers {
  nowMs = 0;
  #due: { readonly atMs: number; readonly run: () => void }[] = [];

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.nowMs + delayMs, run };
    this.#due.push(timer);
    return () => {
      this.#due = this.#due.filter((other) => other !== timer);
    };
  }

  soon(run: () => void): void {
    setImmediate(run);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#due.length;
  }

  /** Lets time pass, running what falls due in order, and then all that follows from it. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      const [next] = this.#due.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#due = this.#due.filter((timer) => timer !== next);
      this.nowMs = next.atMs;
      next.run();
      await settled();
    }
    this.nowMs = endMs;
    await settled();
  }
}

/** Resolves when all that is ready has run, promises and `soon` alike. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** One stream of a fake coordinator. */
export interface FakeStream {
  readonly requests: WorkRequest[];
  readonly events: WorkStreamEvents;
  state: "open" | "ended" | "cancelled";
}

/** A coordinator in memory that records what it hears and says what the test lets it say. */
export class FakeCoordinator implements Coordinator {
  readonly streams: FakeStream[] = [];
  registrations = 0;
  isClosed = false;
  /** Whether it answers a half-closed stream by ending it. */
  isPolite = true;
  settings: WorkerSettings = { leaseTtlMs: 3_000, heartbeatIntervalMs: 1_000 };
  /** What Register fails with, while set. */
  failure: Error | undefined;
  fetchFile: Coordinator["fetchFile"] = () => Promise.reject(new Error("no files here"));
  fetchWeights: Coordinator["fetchWeights"] = () => Promise.reject(new Error("no weights here"));
  putUpdate: Coordinator["putUpdate"] = () => Promise.reject(new Error("no weights here"));
  /** Uploads of checkpoints, each answered when the test says so. */
  readonly uploads: {
    readonly header: CheckpointHeader;
    readonly bytes: Uint8Array;
    readonly signal: AbortSignal;
    answer(verdict: "stored" | "stale"): Promise<void>;
    fail(error: Error): Promise<void>;
  }[] = [];

  register(): Promise<WorkerSettings> {
    this.registrations += 1;
    return this.failure === undefined ? Promise.resolve(this.settings) : Promise.reject(this.failure);
  }

  work(_workerId: string, events: WorkStreamEvents) {
    const stream: FakeStream = { requests: [], events, state: "open" };
    this.streams.push(stream);
    return {
      send: (request: WorkRequest) => void stream.requests.push(request),
      end: () => {
        stream.state = "ended";
        if (this.isPolite) events.ended(null);
      },
      cancel: () => {
        if (stream.state === "open") stream.state = "cancelled";
      },
    };
  }

  putCheckpoint(header: CheckpointHeader, bytes: Uint8Array, signal: AbortSignal): Promise<"stored" | "stale"> {
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("cancelled")));
      const then = (act: () => void) => {
        act();
        return settled();
      };
      const answer = (verdict: "stored" | "stale") => then(() => resolve(verdict));
      this.uploads.push({ header, bytes, signal, answer, fail: (error) => then(() => reject(error)) });
    });
  }

  close(): void {
    this.isClosed = true;
  }

  get stream(): FakeStream {
    return this.streams.at(-1)!;
  }

  async say(response: Partial<WorkResponse>): Promise<void> {
    this.stream.events.received({ leases: [], unreadable: [], acks: [], revoked: [], ...response });
    await settled();
  }

  async breakStream(error: Error | null = new Error("gone")): Promise<void> {
    this.stream.events.ended(error);
    await settled();
  }
}

/** An evaluator whose evaluations end when the test says so. */
export class FakeEvaluator implements Evaluator {
  readonly name: Evaluation["type"];
  /** Under way, in order of starting. */
  readonly calls: {
    readonly context: EvaluationContext;
    resolve(measurement: Measurement): void;
    reject(error: unknown): void;
  }[] = [];

  constructor(name: Evaluation["type"]) {
    this.name = name;
  }

  /** Contexts of leases that were prepared, in order. */
  readonly prepared: EvaluationContext[] = [];

  prepare(_network: unknown, _evaluation: unknown, context: EvaluationContext): void {
    this.prepared.push(context);
  }

  evaluate(_network: unknown, _evaluation: unknown, context: EvaluationContext): Promise<Measurement> {
    return new Promise((resolve, reject) => this.calls.push({ context, resolve, reject }));
  }

  get signal(): AbortSignal {
    return this.calls.at(-1)!.context.signal;
  }

  async finish(accuracy = 0.5): Promise<void> {
    this.calls.at(-1)!.resolve({ accuracy, steps: 0, extra: {} });
    await settled();
  }

  async fail(error: unknown): Promise<void> {
    this.calls.at(-1)!.reject(error);
    await settled();
  }
}

const evaluations: Readonly<Record<Evaluation["type"], Evaluation>> = {
  tabular: { type: "tabular", seed: 1 },
  train: {
    type: "train",
    seed: 1,
    dataset: "mnist",
    steps: 10,
    batch: 8,
    learningRate: 0.1,
    weightDecay: 0,
    part: "validation",
    evalExamples: 0,
    recipe: { labelSmoothing: 0, augment: false, averageDecay: 0 },
    keepWeights: false,
  },
  supernet: {
    ...{ type: "supernet", seed: 1, dataset: "mnist", version: 1, localSteps: 1, batch: 8, learningRate: 0.1 },
    ...{ weightDecay: 0, validationSeed: 1, evalExamples: 8, precision: "float32" },
  },
  command: { type: "command", seed: 1, run: ["true"], files: [], env: {}, part: "validation" },
};

/** A lease of the trial of this number. */
export function fakeLease(trial: number, type: Evaluation["type"] = "tabular", leaseToken = 1): Lease {
  return {
    key: { trial: `projects/default/jobs/j/trials/${trial}`, leaseToken },
    network: { type: "tableRow", tableSha256: "a".repeat(64), arms: [trial] },
    evaluation: evaluations[type],
    checkpoint: null,
  };
}
