import { credentials, type ClientWritableStream } from "@grpc/grpc-js";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveStore, type RunningCoordinator } from "../../coordinator/serve.ts";
import { MemoryDatabase } from "../../coordinator/storage/memory-database.ts";
import { openWeightsStore, type DiskWeights } from "../../coordinator/weights/open-store.ts";
import { decodeNetwork } from "../../network/codec.ts";
import { sharedSlices, type WeightsSlice } from "../../network/shared-weights.ts";
import { precisionBytes, sliceSize } from "../../network/weights-codec.ts";
import type { FetchWeightsRequest } from "../../proto/gen/fpnas/v1/FetchWeightsRequest.ts";
import type { FetchWeightsResponse__Output } from "../../proto/gen/fpnas/v1/FetchWeightsResponse.ts";
import type { Lease__Output } from "../../proto/gen/fpnas/v1/Lease.ts";
import type { PutUpdateRequest } from "../../proto/gen/fpnas/v1/PutUpdateRequest.ts";
import type { PutUpdateResponse__Output } from "../../proto/gen/fpnas/v1/PutUpdateResponse.ts";
import type { SearchServiceClient } from "../../proto/gen/fpnas/v1/SearchService.ts";
import type { WeightsServiceClient } from "../../proto/gen/fpnas/v1/WeightsService.ts";
import type { WorkerServiceClient } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import { searchService, weightsService, workerService } from "../../proto/load.ts";
import { call, WireWorker } from "./rpc-bench.ts";
import { silent } from "./scheduling-bench.ts";
import { withMethods } from "./scheduling-storage.ts";
import { sha256 } from "./scheduling-table.ts";

/** Two blocks, and a dense layer of 3 million numbers: a version has 13 MB. */
const space = {
  name: "wide",
  input: { height: 28, width: 28, channels: 1 },
  classes: 10,
  stem: { channels: 4, stride: 2 },
  blocks: [{ name: "b", repeat: 2, channels: [4, 8], kernel: [3, 5], expansion: [1, 2] }],
  head: { channels: 1024, hidden: 3072 },
};

/** The lease of a draw, and what its worker would say of it. */
export interface HeldDraw {
  readonly worker: WireWorker;
  readonly workerId: string;
  readonly lease: Lease__Output;
  readonly slices: readonly WeightsSlice[];
}

/** A coordinator that keeps shared weights in a folder, on a store in memory, and stubs that speak to it. */
export class WeightsBench {
  readonly database = new MemoryDatabase();
  coordinator!: RunningCoordinator;
  search!: SearchServiceClient;
  worker!: WorkerServiceClient;
  weights!: WeightsServiceClient;
  /** Chunks that have been read of all fetches so far, and fetches that have ended. */
  readonly read = { chunks: 0, ended: 0 };
  private readonly folder = mkdtempSync(join(tmpdir(), "fpnas-weights-"));
  store!: DiskWeights;

  async start(): Promise<void> {
    this.store = await openWeightsStore(this.folder);
    const config = { listen: "127.0.0.1:0", advertise: null, health: null, leaseTtlMs: 30_000, logger: silent };
    const { store, read } = this;
    const weights = withMethods(store, {
      async *fetch(...of: Parameters<DiskWeights["fetch"]>) {
        try {
          for await (const chunk of store.fetch(...of)) {
            read.chunks += 1;
            yield chunk;
          }
        } finally {
          read.ended += 1;
        }
      },
    });
    this.coordinator = await serveStore(this.database.open(), { ...config, weights });
    const { address } = this.coordinator;
    this.search = new searchService(address, credentials.createInsecure());
    this.worker = new workerService(address, credentials.createInsecure());
    this.weights = new weightsService(address, credentials.createInsecure());
  }

  async close(): Promise<void> {
    for (const stub of [this.search, this.worker, this.weights]) stub.close();
    await this.coordinator.stop();
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Submits a supernet's job, and has a worker keep the lease of its first draw. */
  async hold(jobId: string): Promise<HeldDraw> {
    const file = Buffer.from(JSON.stringify(space));
    await new Promise<void>((resolve, reject) => {
      const upload = this.search.uploadFile((error) => (error ? reject(error) : resolve()));
      upload.end({ sha256: sha256(file), chunk: file });
    });
    const spec = {
      space: { file: "wide.yaml" },
      evaluator: { supernet: { dataset: "mnist" } },
      algorithm: { name: "fp-nas", kMin: 2, kMax: 2 },
      budget: { trials: 4 },
    };
    const files = { "wide.yaml": sha256(file) };
    await call(this.search, "CreateJob", { jobId, specJson: JSON.stringify(spec), files });
    const workerId = `${jobId}-worker`;
    const worker = await WireWorker.connect(this.worker, workerId, 1, false, [], ["supernet"]);
    await this.until(() => worker.leases.length === 1, "a lease");
    const lease = worker.leases[0]!;
    const network = decodeNetwork(lease.network);
    return { worker, workerId, lease, slices: network.type === "graph" ? sharedSlices(network) : [] };
  }

  /** Names of the files of a job's weights that are being written. */
  unfinished(jobId: string): readonly string[] {
    const folder = readdirSync(this.folder).find((name) => name.startsWith(`default_${jobId}.`));
    return folder === undefined ? [] : readdirSync(join(this.folder, folder, "unfinished"));
  }

  /** Cancels the job of a draw, and lets its worker go. */
  async release({ worker, lease }: HeldDraw): Promise<void> {
    await call(this.search, "CancelJob", { name: jobOf(lease) });
    worker.finish();
    await worker.over;
  }

  /** Resolves once the condition holds; rejects where it still does not after very many calls of the coordinator, which has work to do meanwhile. */
  async until(condition: () => boolean, what: string): Promise<void> {
    for (let calls = 0; calls < 20_000; calls += 1) {
      if (condition()) return;
      await call(this.search, "ListJobs", {});
    }
    throw new Error(`${what} never held`);
  }

  /** The pieces of a fetch. */
  async fetch(request: FetchWeightsRequest): Promise<readonly FetchWeightsResponse__Output[]> {
    const pieces: FetchWeightsResponse__Output[] = [];
    for await (const piece of this.weights.fetchWeights(request)) pieces.push(piece as FetchWeightsResponse__Output);
    return pieces;
  }

  /** Begins to bring an update. */
  begin(first: PutUpdateRequest) {
    let stream!: ClientWritableStream<PutUpdateRequest>;
    const answer = new Promise<PutUpdateResponse__Output>((resolve, reject) => {
      stream = this.weights.putUpdate((error, response) => (error ? reject(error) : resolve(response!)));
    });
    answer.catch(() => undefined);
    stream.write(first);
    return { stream, answer };
  }

  put(requests: readonly PutUpdateRequest[]): Promise<PutUpdateResponse__Output> {
    const { stream, answer } = this.begin(requests[0] ?? {});
    for (const request of requests.slice(1)) stream.write(request);
    stream.end();
    return answer;
  }
}

/** "projects/{project}/jobs/{job}". */
export function jobOf({ key }: Lease__Output): string {
  return key!.trial.slice(0, key!.trial.lastIndexOf("/trials/"));
}

/** All slices of a draw in float32. */
export function wholeRequest({ lease, slices }: HeldDraw): FetchWeightsRequest {
  const { version } = lease.evaluation!.supernet!;
  return { job: jobOf(lease), version, slices: wireSlices(slices), precision: "PRECISION_FLOAT32" };
}

/** Slices as the wire has them. */
export function wireSlices(slices: readonly WeightsSlice[]) {
  return slices.map(({ tensor, shape }) => ({ tensor, shape: [...shape] }));
}

/** An update of small ones for a draw: its header, and its bytes in pieces of at most 1 MiB. */
export function updateOf({ workerId, lease, slices }: HeldDraw) {
  const numbers = slices.reduce((sum, slice) => sum + sliceSize(slice), 0);
  const bytes = Buffer.from(new Float32Array(numbers).fill(0.01).buffer);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 2 ** 20) }, (_, index) => ({
    chunk: bytes.subarray(index * 2 ** 20, (index + 1) * 2 ** 20),
  }));
  const precision = "PRECISION_FLOAT32" as const;
  const header = {
    ...{ workerId, key: lease.key, version: lease.evaluation!.supernet!.version, slices: wireSlices(slices) },
    ...{ precision, sha256: sha256(bytes) },
  };
  return { header, bytes, pieces, sizeBytes: numbers * precisionBytes.float32 };
}
