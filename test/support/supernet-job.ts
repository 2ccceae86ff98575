import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FpnasClient } from "../../client/client.ts";
import type { Job } from "../../client/types.ts";
import { serveStore, type RunningCoordinator } from "../../coordinator/serve.ts";
import { MemoryDatabase } from "../../coordinator/storage/memory-database.ts";
import { openWeightsStore, type DiskWeights } from "../../coordinator/weights/open-store.ts";
import { WeightsError } from "../../coordinator/weights/weights-store.ts";
import type { SharedTensor } from "../../network/shared-weights.ts";
import { decodeWeights } from "../../network/weights-codec.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import type { Dataset } from "../../worker/data/dataset.ts";
import { createSupernetEvaluator } from "../../worker/evaluator/supernet/supernet.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { startWorker } from "../../worker/serve.ts";
import { silent } from "./scheduling-bench.ts";
import type { Tensors } from "./supernet-weights.ts";

/** Small enough that a step takes milliseconds: every kind of operation and choice but skipped blocks in the first. */
export const smallSpace = {
  name: "small",
  input: { height: 28, width: 28, channels: 1 },
  classes: 10,
  stem: { channels: 4, stride: 2 },
  roundMid: 4,
  blocks: [
    { name: "a", stride: 2, channels: [4, 8], kernel: [3, 5], expansion: [1, 2], se: [0, 1] },
    { name: "b", channels: [4, 8], kernel: [0, 3], expansion: [1, 2] },
  ],
  head: { channels: 16 },
} as const;

/** A hash of all numbers of a version of a job's weights, as they lie in a folder. Rejects with WeightsError. */
export async function weightsHash(
  folder: string,
  job: string,
  version: number,
  tensors: readonly SharedTensor[],
): Promise<string> {
  const store = await openWeightsStore(folder);
  const hash = createHash("sha256");
  for await (const chunk of store.fetch(job, version, tensors, "float32")) hash.update(chunk);
  await store.close();
  return hash.digest("hex");
}

/** A coordinator of supernets' jobs over the real wire, with the weights on disk and one worker in this process. */
export class SupernetJobBench {
  weights!: DiskWeights;
  client!: FpnasClient;
  /** Of a job over the small space. */
  readonly files = new Map([["small.json", Buffer.from(JSON.stringify(smallSpace))]]);
  private coordinator!: RunningCoordinator;
  private readonly folder = mkdtempSync(join(tmpdir(), "fpnas-supernet-"));

  async start(): Promise<void> {
    this.weights = await openWeightsStore(this.folder);
    const config = { listen: "127.0.0.1:0", advertise: null, health: null, leaseTtlMs: 30_000, logger: silent };
    this.coordinator = await serveStore(new MemoryDatabase().open(), { ...config, weights: this.weights });
    this.client = new FpnasClient(this.coordinator.address);
  }

  async close(): Promise<void> {
    this.client.close();
    await this.coordinator.stop();
    await this.weights.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Creates a job over the small space, of which no trial is evaluated before `work`. Resolves with its name. */
  async submit(jobId: string, spec: object): Promise<string> {
    const { files } = this;
    const { name } = await this.client.createJob({ spec: { space: { file: "small.json" }, ...spec }, files, jobId });
    return name;
  }

  /** Has a worker evaluate until the job has ended. */
  async work(name: string, backend: Backend, dataset: Dataset): Promise<Job> {
    const parts = { backend, loadDataset: () => Promise.resolve(dataset) };
    const evaluators = [createSupernetEvaluator(parts), createTrainEvaluator(parts)];
    const identity = { workerId: "worker", host: "", backend: backend.name, logger: silent };
    const worker = startWorker({ ...identity, coordinator: this.coordinator.address, evaluators });
    try {
      let last: Job | null = null;
      for await (const job of this.client.watchJob(name)) last = job;
      return last!;
    } finally {
      await worker.stop();
    }
  }

  /** Whole tensors of a version, once it is there. */
  async tensors(jobId: string, version: number, tensors: readonly SharedTensor[]): Promise<Tensors> {
    for (let tries = 1; ; tries += 1) {
      try {
        const chunks: Uint8Array[] = [];
        const pieces = this.weights.fetch(`default/${jobId}`, version, tensors, "float32");
        for await (const chunk of pieces) chunks.push(chunk);
        const values = decodeWeights(Buffer.concat(chunks), tensors, "float32");
        return new Map(tensors.map(({ tensor, shape }, place) => [tensor, { shape, values: values[place]! }]));
      } catch (error) {
        if (!(error instanceof WeightsError) || error.code !== "notFound" || tries === 100_000) throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}
