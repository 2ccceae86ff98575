import { credentials, type ServiceError } from "@grpc/grpc-js";
import type { MessageTypeDefinition, MethodDefinition } from "@grpc/proto-loader";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { startCoordinator, type RunningCoordinator } from "../../coordinator/serve.ts";
import type { SearchServiceClient } from "../../proto/gen/fpnas/v1/SearchService.ts";
import type { UploadFileResponse__Output } from "../../proto/gen/fpnas/v1/UploadFileResponse.ts";
import type { WorkerServiceClient } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import type { WorkRequest } from "../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse__Output } from "../../proto/gen/fpnas/v1/WorkResponse.ts";
import type { Job__Output } from "../../proto/gen/fpnas/v1/Job.ts";
import type { LeaseKey } from "../../proto/gen/fpnas/v1/LeaseKey.ts";
import type { Lease__Output } from "../../proto/gen/fpnas/v1/Lease.ts";
import type { BadRequest__Output } from "../../proto/gen/google/rpc/BadRequest.ts";
import type { ErrorInfo__Output } from "../../proto/gen/google/rpc/ErrorInfo.ts";
import type { Status__Output } from "../../proto/gen/google/rpc/Status.ts";
import { packageDefinition, searchService, workerService } from "../../proto/load.ts";
import { silent } from "./scheduling-bench.ts";
import { sha256, smallTable, tableAccuracy, tabularSpec } from "./scheduling-table.ts";

/** A coordinator on SQLite in a folder of its own, with stubs that speak to it. */
export class RpcBench {
  readonly folder = mkdtempSync(join(tmpdir(), "fpnas-rpc-"));
  coordinator!: RunningCoordinator;
  search!: SearchServiceClient;
  worker!: WorkerServiceClient;

  async start(leaseTtlMs = 30_000): Promise<void> {
    const store = `sqlite:${join(this.folder, "store.db")}`;
    this.coordinator = await startCoordinator({
      listen: "127.0.0.1:0",
      advertise: null,
      health: null,
      store,
      weights: null,
      leaseTtlMs,
      logger: silent,
    });
    this.search = new searchService(this.coordinator.address, credentials.createInsecure());
    this.worker = new workerService(this.coordinator.address, credentials.createInsecure());
  }

  async stop(): Promise<void> {
    this.search.close();
    this.worker.close();
    await this.coordinator.stop();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Uploads pieces as they are. */
  upload(pieces: readonly { sha256?: string; chunk?: Buffer }[]): Promise<UploadFileResponse__Output> {
    return new Promise((resolve, reject) => {
      const call = this.search.uploadFile((error, response) => (error ? reject(error) : resolve(response!)));
      for (const piece of pieces) call.write(piece);
      call.end();
    });
  }

  /** Submits a tabular job, with its table. */
  async submit(jobId: string, more: { spec?: Record<string, unknown>; requestId?: string } = {}): Promise<Job__Output> {
    const table = Buffer.from(smallTable());
    await this.upload([{ sha256: sha256(table), chunk: table }]);
    const { job } = await call(this.search, "CreateJob", {
      jobId,
      specJson: JSON.stringify(tabularSpec(more.spec)),
      files: { "small.json": sha256(table) },
      requestId: more.requestId ?? "",
    });
    return job as Job__Output;
  }

  /** The job, once it has ended. */
  async ended(name: string): Promise<Job__Output> {
    let last: Job__Output | null = null;
    for await (const { job } of this.search.watchJob({ name }) as AsyncIterable<{ job: Job__Output }>) last = job;
    return last!;
  }
}

type Method =
  "CreateJob" | "GetJob" | "ListJobs" | "PauseJob" | "ResumeJob" | "CancelJob" | "ListTrials" | "ListRounds";
type Answer = Record<string, unknown>;

/** One unary call. */
export function call(stub: SearchServiceClient, method: Method, request: object): Promise<Answer> {
  const definition: unknown = searchService.service[method];
  const { path, requestSerialize, responseDeserialize } = definition as MethodDefinition<
    object,
    object,
    object,
    Answer
  >;
  return new Promise((resolve, reject) =>
    stub.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) =>
      error ? reject(error) : resolve(response!),
    ),
  );
}

/** What a refused call says. */
export interface Refusal {
  readonly code: number;
  readonly details: string;
  readonly info: ErrorInfo__Output;
  readonly fields: readonly { field: string; description: string }[];
}

/** The refusal that a call ends with; rejects where it succeeds. */
export async function refused(answer: Promise<unknown>): Promise<Refusal> {
  const error = await answer.then(
    () => Promise.reject(new Error("the call succeeded")),
    (reason: unknown) => reason as ServiceError,
  );
  const [trailer] = error.metadata.get("grpc-status-details-bin");
  const { details } = decode("google.rpc.Status", trailer as Buffer) as Status__Output;
  const find = (type: string): unknown => {
    const any = details.find(({ type_url }) => type_url === `type.googleapis.com/${type}`);
    return any === undefined ? undefined : decode(type, any.value);
  };
  return {
    code: error.code,
    details: error.details,
    info: find("google.rpc.ErrorInfo") as ErrorInfo__Output,
    fields: (find("google.rpc.BadRequest") as BadRequest__Output | undefined)?.fieldViolations ?? [],
  };
}

function decode(type: string, bytes: Buffer): object {
  return (packageDefinition[type] as MessageTypeDefinition<object, object>).deserialize(bytes);
}

/** A worker that looks its leases up in the small table, as any program could that speaks worker.proto. */
export class WireWorker {
  readonly responses: WorkResponse__Output[] = [];
  /** Resolves with the status code that the stream ends with. */
  readonly over: Promise<number>;
  private readonly stream: Duplex & { write(request: WorkRequest): boolean };
  private readonly answers: boolean;

  /**
   * `answers`: whether it evaluates what it gets, or keeps it; `held`: leases that it has from an earlier stream; `evaluators`: those that it says
   * it has.
   */
  static async connect(
    stub: WorkerServiceClient,
    workerId: string,
    want: number,
    answers = true,
    held: readonly LeaseKey[] = [],
    evaluators: string[] = ["tabular"],
  ): Promise<WireWorker> {
    await new Promise<void>((resolve, reject) =>
      stub.register({ workerId, evaluators }, (error) => (error ? reject(error) : resolve())),
    );
    return new WireWorker(stub, { workerId, wantLeases: want, renewals: [...held] }, answers);
  }

  private constructor(stub: WorkerServiceClient, first: WorkRequest, answers: boolean) {
    this.answers = answers;
    this.stream = stub.work() as unknown as WireWorker["stream"];
    this.over = new Promise((resolve) => {
      this.stream.on("error", (error: ServiceError) => resolve(error.code));
      this.stream.on("end", () => resolve(0));
    });
    this.stream.on("data", (response: WorkResponse__Output) => this.receive(response));
    this.stream.write(first);
  }

  get leases(): readonly Lease__Output[] {
    return this.responses.flatMap(({ leases }) => leases);
  }

  get verdicts(): readonly string[] {
    return this.responses.flatMap(({ acks }) => acks.map(({ verdict }) => verdict));
  }

  send(request: WorkRequest): void {
    this.stream.write(request);
  }

  /** Half-closes. */
  finish(): void {
    this.stream.end();
  }

  private receive(response: WorkResponse__Output): void {
    this.responses.push(response);
    if (!this.answers || response.leases.length === 0) return;
    this.evaluate(response.leases, response.leases.length);
  }

  /** Reports what the table says of these leases. */
  evaluate(leases: readonly Lease__Output[], wantLeases = 0): void {
    const outcomes = leases.map(({ key, network }) => ({
      key,
      measurement: { accuracy: tableAccuracy(smallTable(), network!.tableRow!.arms)! },
    }));
    this.stream.write({ wantLeases, outcomes });
  }
}
