import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { EngineGauges, EngineObserver, TurnSummary } from "../scheduling/observer.ts";

/**
 * What a coordinator tells Prometheus (docs/metrics.md). Counters hold what was done since this process began, while it led; gauges are read when
 * they are asked for, and are zero or absent while another leads. No label takes more values than there are kinds of things, but for the names of
 * the jobs that run.
 */
export class CoordinatorMetrics implements EngineObserver {
  private readonly registry = new Registry();
  private readonly leases: Counter;
  private readonly outcomes: Counter<"verdict">;
  private readonly trials: Counter<"state">;
  private readonly failures: Counter<"reason">;
  private readonly rounds: Counter;
  private readonly busy: Counter;
  private readonly weights: Counter<"direction">;
  private readonly waits: Counter;
  private readonly updates: Counter;
  private readonly merges: Histogram;

  /** @param gauges How the engine stands; null while this coordinator does not lead. */
  constructor(gauges: () => EngineGauges | null) {
    this.leases = this.counter("fpnas_leases_total", "Leases given to workers.");
    this.outcomes = this.counter("fpnas_outcomes_total", "Outcomes answered.", ["verdict"]);
    this.trials = this.counter("fpnas_trials_ended_total", "Trials that ended.", ["state"]);
    this.failures = this.counter("fpnas_attempts_failed_total", "Attempts without a measurement.", ["reason"]);
    this.rounds = this.counter("fpnas_rounds_total", "Rounds closed.");
    this.busy = this.counter("fpnas_worker_busy_seconds_total", "Time in which workers computed evaluations.");
    this.weights = this.counter(
      "fpnas_weights_bytes_total",
      "Shared weights that travelled for draws which were measured.",
      ["direction"],
    );
    this.waits = this.counter("fpnas_weights_wait_seconds_total", "Time in which workers waited for shared weights.");
    this.updates = this.counter("fpnas_weights_updates_merged_total", "Updates merged into shared weights.");
    this.merges = new Histogram({
      name: "fpnas_weights_merge_duration_seconds",
      help: "How long a merge of shared weights took.",
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
      registers: [this.registry],
    });
    this.gauge("fpnas_leader", "1 while this coordinator leads, 0 while it does not.", (gauge) =>
      gauge.set(gauges() === null ? 0 : 1),
    );
    this.gauge("fpnas_workers_connected", "Workers whose stream is open.", (gauge) =>
      gauge.set(gauges()?.workersConnected ?? 0),
    );
    this.perState("fpnas_jobs", "Jobs that have not ended.", ["running", "paused"], (state) =>
      jobsOf(gauges()).reduce((sum, job) => sum + (job.state === state ? 1 : 0), 0),
    );
    this.perState("fpnas_trials_open", "Trials that have not ended.", ["pending", "leased"], (state) =>
      jobsOf(gauges()).reduce((sum, job) => sum + (state === "leased" ? job.trialsLeased : job.trialsPending), 0),
    );
    this.gauge(
      "fpnas_job_entropy_nats",
      "Entropy of the distribution of a job that runs.",
      (gauge) => {
        gauge.reset();
        for (const { key, state, entropy } of jobsOf(gauges()))
          if (state === "running") gauge.set({ job: key }, entropy);
      },
      ["job"],
    );
  }

  turned({ leasesGiven, verdicts, failures, trialsEnded, roundsClosed, works }: TurnSummary): void {
    this.leases.inc(leasesGiven);
    for (const verdict of verdicts) this.outcomes.inc({ verdict });
    for (const state of trialsEnded) this.trials.inc({ state });
    for (const reason of failures) this.failures.inc({ reason });
    this.rounds.inc(roundsClosed);
    for (const { busyMs, draw } of works) {
      this.busy.inc(busyMs / 1000);
      if (draw === null) continue;
      const told = (name: string): number => Math.max(0, draw.extra[name] ?? 0);
      this.weights.inc({ direction: "to_worker" }, told("weightsBytes"));
      this.weights.inc({ direction: "to_coordinator" }, told("updateBytes"));
      this.waits.inc(told("waitSeconds"));
    }
  }

  merged(updates: number, seconds: number): void {
    this.updates.inc(updates);
    this.merges.observe(seconds);
  }

  /** The media type of `text`. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** All metrics in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string, read: (gauge: Gauge) => void, labelNames: readonly string[] = []): void {
    const gauge: Gauge = new Gauge({ name, help, labelNames, registers: [this.registry], collect: () => read(gauge) });
  }

  private perState<State extends string>(
    name: string,
    help: string,
    states: readonly State[],
    count: (state: State) => number,
  ): void {
    this.gauge(name, help, (gauge) => states.forEach((state) => gauge.set({ state }, count(state))), ["state"]);
  }
}

function jobsOf(gauges: EngineGauges | null): EngineGauges["jobs"] {
  return gauges?.jobs ?? [];
}
