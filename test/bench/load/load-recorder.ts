import { quantile } from "../../../coordinator/search/quantile.ts";
import { cpuMsOf, rssMibOf } from "../service/proc.ts";
import type { Latency, LoadPlan, LoadReport, LoadWindow, WindowFigures } from "./load-plan.ts";

interface Mark {
  readonly ms: number;
  readonly accepted: number;
  readonly leases: number;
  readonly serverCpuMs: number;
  readonly loadCpuMs: number;
}

/** Counts what all workers of a load see, and cuts it into the plan's windows. */
export class LoadRecorder {
  /** Resolves when the last window is full; rejects when a worker fails. */
  readonly report: Promise<LoadReport>;
  readonly #plan: LoadPlan;
  readonly #leaseMs: number[] = [];
  readonly #outcomeMs: number[] = [];
  readonly #open = new Map<LoadWindow, Mark>();
  readonly #done: WindowFigures[] = [];
  #waiting: LoadWindow[];
  #startMs = NaN;
  #refused = 0;
  #resolve: (report: LoadReport) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    this.#waiting = [...plan.windows];
    this.report = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** A lease has arrived. */
  leased(latencyMs: number, nowMs: number): void {
    if (Number.isNaN(this.#startMs)) this.#startMs = nowMs;
    this.#leaseMs.push(latencyMs);
  }

  /** An outcome is acknowledged. */
  acknowledged(accepted: boolean, latencyMs: number, nowMs: number): void {
    if (accepted) this.#outcomeMs.push(latencyMs);
    else this.#refused += 1;
    this.#cut(nowMs);
  }

  /** A made-up accuracy. */
  accuracy(): number {
    return (this.#leaseMs.length % 997) / 997;
  }

  fail(error: Error): void {
    this.#reject(error);
  }

  #cut(nowMs: number): void {
    if (this.#waiting.some((window) => this.#isPast(window, window.from, nowMs))) {
      const begun = this.#waiting.filter((window) => this.#isPast(window, window.from, nowMs));
      this.#waiting = this.#waiting.filter((window) => !begun.includes(window));
      for (const window of begun) this.#open.set(window, this.#mark(nowMs));
    }
    for (const [window, mark] of this.#open) {
      if (!this.#isPast(window, window.to, nowMs)) continue;
      this.#open.delete(window);
      this.#done.push(this.#figures(window, mark, this.#mark(nowMs)));
    }
    if (this.#open.size + this.#waiting.length > 0) return;
    this.#resolve({ windows: this.#done, accepted: this.#outcomeMs.length, refused: this.#refused });
  }

  #isPast(window: LoadWindow, edge: number, nowMs: number): boolean {
    return window.unit === "trials" ? this.#outcomeMs.length >= edge : nowMs - this.#startMs >= edge * 1000;
  }

  #mark(ms: number): Mark {
    const { user, system } = process.cpuUsage();
    return {
      ms,
      accepted: this.#outcomeMs.length,
      leases: this.#leaseMs.length,
      serverCpuMs: cpuMsOf(this.#plan.serverPid),
      loadCpuMs: (user + system) / 1000,
    };
  }

  #figures(window: LoadWindow, from: Mark, to: Mark): WindowFigures {
    return {
      window,
      trials: to.accepted - from.accepted,
      seconds: (to.ms - from.ms) / 1000,
      lease: latency(this.#leaseMs.slice(from.leases, to.leases)),
      outcome: latency(this.#outcomeMs.slice(from.accepted, to.accepted)),
      serverCpuMs: to.serverCpuMs - from.serverCpuMs,
      loadCpuMs: to.loadCpuMs - from.loadCpuMs,
      rssMib: rssMibOf(this.#plan.serverPid),
    };
  }
}

function latency(values: readonly number[]): Latency {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}
