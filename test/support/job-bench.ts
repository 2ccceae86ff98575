import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FpnasClient } from "../../client/client.ts";
import type { Job } from "../../client/types.ts";
import { startCoordinator, type RunningCoordinator } from "../../coordinator/serve.ts";
import { createTabularEvaluator } from "../../worker/evaluator/tabular.ts";
import { startWorker, type RunningWorker } from "../../worker/serve.ts";
import { silent } from "./scheduling-bench.ts";
import { smallTable, tabularSpec } from "./scheduling-table.ts";

/** Coordinators, a client and workers in this process, over real gRPC, with a folder of their own. */
export class JobBench {
  readonly folder = mkdtempSync(join(tmpdir(), "fpnas-jobs-"));
  client!: FpnasClient;
  private coordinator: RunningCoordinator | null = null;
  private readonly workers: RunningWorker[] = [];

  /** Serves a store, in place of the one before. */
  async serve(store: string): Promise<void> {
    await this.stop();
    const listen = "127.0.0.1:0";
    this.coordinator = await startCoordinator({
      listen,
      advertise: null,
      health: null,
      store,
      weights: null,
      metrics: "127.0.0.1:0",
      leaseTtlMs: 30_000,
      logger: silent,
    });
    this.client = new FpnasClient(this.coordinator.address);
  }

  /** HOST:PORT of what the coordinator tells Prometheus. */
  get metricsAddress(): string {
    return this.coordinator?.metrics ?? "";
  }

  /** What the coordinator answers there. */
  async metrics(path = "/metrics"): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://${this.metricsAddress}${path}`);
    return { status: response.status, text: await response.text() };
  }

  work(count: number): void {
    const { address } = this.coordinator!;
    for (let index = 0; index < count; index += 1) {
      const identity = { workerId: `w${this.workers.length}`, host: "", backend: "" };
      const evaluators = [createTabularEvaluator()];
      this.workers.push(startWorker({ ...identity, coordinator: address, evaluators, logger: silent }));
    }
  }

  /** Submits a search in the small table. */
  submit(jobId: string, spec: Record<string, unknown> = {}): Promise<Job> {
    return this.client.createJob({ jobId, spec: tabularSpec(spec), files: new Map([["small.json", smallTable()]]) });
  }

  /** The job, once it has ended. */
  async ended(name: string): Promise<Job> {
    let last: Job | null = null;
    for await (const job of this.client.watchJob(name)) last = job;
    return last!;
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop()));
    if (this.coordinator === null) return;
    this.client.close();
    await this.coordinator.stop();
    this.coordinator = null;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
