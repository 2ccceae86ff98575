import { createHash } from "node:crypto";
import * as grpc from "@grpc/grpc-js";
import { workerService } from "../../proto/load.ts";
import type { CheckpointHeader__Output } from "../../proto/gen/fpnas/v1/CheckpointHeader.ts";
import type { Lease } from "../../proto/gen/fpnas/v1/Lease.ts";
import type { Outcome__Output } from "../../proto/gen/fpnas/v1/Outcome.ts";
import type { PutCheckpointRequest__Output } from "../../proto/gen/fpnas/v1/PutCheckpointRequest.ts";
import type { PutCheckpointResponse } from "../../proto/gen/fpnas/v1/PutCheckpointResponse.ts";
import type { RegisterRequest__Output } from "../../proto/gen/fpnas/v1/RegisterRequest.ts";
import type { WorkRequest__Output } from "../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse } from "../../proto/gen/fpnas/v1/WorkResponse.ts";
import type { WorkerServiceHandlers } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import { notLeader } from "./client-scripted-server.ts";
import { Log } from "./worker-log.ts";

type CheckpointCall = grpc.ServerReadableStream<PutCheckpointRequest__Output, PutCheckpointResponse>;

/** A checkpoint as it came. */
export interface ReceivedCheckpoint {
  readonly header: CheckpointHeader__Output;
  readonly bytes: Buffer;
  /** How long each piece was. */
  readonly pieces: readonly number[];
}

type FileCall = grpc.ServerWritableStream<{ sha256: string }, { chunk: Uint8Array }>;

/** A Work stream as the scripted coordinator sees it: what came, and what the script answers. */
export class ScriptedStream {
  readonly requests = new Log<WorkRequest__Output>();
  readonly ended: Promise<void>;
  readonly #call: grpc.ServerDuplexStream<WorkRequest__Output, WorkResponse>;

  constructor(call: grpc.ServerDuplexStream<WorkRequest__Output, WorkResponse>) {
    this.#call = call;
    call.on("data", (request: WorkRequest__Output) => this.requests.push(request));
    call.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      call.on("end", () => {
        call.end();
        resolve();
      });
      call.on("cancelled", () => resolve());
    });
  }

  send(response: WorkResponse): void {
    this.#call.write(response);
  }

  lease(...leases: Lease[]): void {
    this.send({ leases });
  }

  /** The first request that carries the outcome of this lease, acknowledged only by `acknowledge`. */
  async outcomeOf(lease: Lease): Promise<Outcome__Output> {
    const request = await this.requests.find(({ outcomes }) => outcomes.some((outcome) => isOf(lease, outcome)));
    return request.outcomes.find((outcome) => isOf(lease, outcome))!;
  }

  get outcomes(): Outcome__Output[] {
    return this.requests.items.flatMap(({ outcomes }) => outcomes);
  }

  acknowledge(lease: Lease, verdict: "VERDICT_ACCEPTED" | "VERDICT_STALE" = "VERDICT_ACCEPTED"): void {
    this.send({ acks: [{ key: lease.key!, verdict }] });
  }

  /** Credit asked for on this stream. */
  get wanted(): number {
    return this.requests.items.reduce((sum, { wantLeases }) => sum + wantLeases, 0);
  }

  /** Ends the stream in order. */
  end(): void {
    this.#call.end();
  }

  /** Breaks the stream as a failing network would. */
  break(): void {
    this.#call.emit("error", { code: grpc.status.UNAVAILABLE, details: "broken by the script" });
  }
}

function isOf(lease: Lease, outcome: Outcome__Output): boolean {
  return outcome.key?.trial === lease.key?.trial && outcome.key?.leaseToken === lease.key?.leaseToken;
}

/** A real gRPC server that does what a test's script says. */
export class ScriptedCoordinator {
  readonly registrations = new Log<RegisterRequest__Output>();
  readonly streams = new Log<ScriptedStream>();
  /** Hashes asked for. */
  readonly fetches = new Log<string>();
  /** Files by hash. */
  readonly files = new Map<string, Uint8Array>();
  /** Whole ones, in order of their end. */
  readonly checkpoints = new Log<ReceivedCheckpoint>();
  /** What checkpoints are answered: a verdict, or a status in its place. */
  checkpointAnswer: PutCheckpointResponse & { readonly refusal?: grpc.status } = { verdict: "VERDICT_STORED" };
  heartbeatIntervalMs = 20;
  /** What Register is answered instead of settings. */
  refusal: grpc.status | undefined;
  /** While set, it follows, and names this leader. */
  leader: string | undefined;
  /** While set, FetchFile waits for it. */
  #hold: { readonly released: Promise<void>; readonly release: () => void } | undefined;
  #server: grpc.Server | undefined;
  #port = 0;

  static async start(): Promise<ScriptedCoordinator> {
    const coordinator = new ScriptedCoordinator();
    await coordinator.listen();
    return coordinator;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Serves, on the port of the time before if there was one. */
  async listen(): Promise<void> {
    const server = new grpc.Server();
    server.addService(workerService.service, this.#handlers());
    this.#port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(this.address, grpc.ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      ),
    );
    this.#server = server;
  }

  /** Drops every connection at once, as when the process is killed. */
  kill(): void {
    this.#server?.forceShutdown();
  }

  addFile(content: string): string {
    const bytes = Buffer.from(content);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    this.files.set(sha256, bytes);
    return sha256;
  }

  /** Lets FetchFile wait until `release`: makes an evaluation last as long as a test wants. */
  holdFiles(): void {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.#hold = { released, release };
  }

  release(): void {
    this.#hold?.release();
    this.#hold = undefined;
  }

  #handlers(): WorkerServiceHandlers {
    return {
      Register: (call, callback) => {
        this.registrations.push(call.request);
        if (this.leader !== undefined) callback(notLeader(this.leader));
        else if (this.refusal !== undefined) callback({ code: this.refusal, details: "refused by the script" });
        else callback(null, { leaseTtlMs: 30_000, heartbeatIntervalMs: this.heartbeatIntervalMs });
      },
      Work: (call) => this.streams.push(new ScriptedStream(call)),
      FetchFile: (call) => void this.#serveFile(call),
      PutCheckpoint: (call, callback) => void this.#receiveCheckpoint(call, callback).catch(() => undefined),
    };
  }

  async #receiveCheckpoint(call: CheckpointCall, callback: grpc.sendUnaryData<PutCheckpointResponse>): Promise<void> {
    const chunks: Buffer[] = [];
    let header: CheckpointHeader__Output | null = null;
    for await (const request of call as AsyncIterable<PutCheckpointRequest__Output>) {
      header ??= request.header;
      chunks.push(request.chunk);
    }
    const pieces = chunks.map(({ length }) => length);
    this.checkpoints.push({ header: header!, bytes: Buffer.concat(chunks), pieces });
    const { verdict, refusal } = this.checkpointAnswer;
    if (refusal === undefined) callback(null, { verdict: verdict! });
    else callback({ code: refusal, details: "refused by the script" });
  }

  async #serveFile(call: FileCall): Promise<void> {
    this.fetches.push(call.request.sha256);
    await this.#hold?.released;
    const bytes = this.files.get(call.request.sha256);
    if (bytes === undefined) {
      call.emit("error", { code: grpc.status.NOT_FOUND, details: "no job brought this file" });
      return;
    }
    // In two pieces, so that a worker must put them together.
    const middle = Math.ceil(bytes.length / 2);
    for (const chunk of [bytes.subarray(0, middle), bytes.subarray(middle)]) call.write({ chunk });
    call.end();
  }
}
