import { credentials, type ChannelOptions } from "@grpc/grpc-js";
import { workerService } from "../../proto/load.ts";
import type { FetchFileResponse__Output } from "../../proto/gen/fpnas/v1/FetchFileResponse.ts";
import type { WorkerServiceClient } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import type { WorkResponse__Output } from "../../proto/gen/fpnas/v1/WorkResponse.ts";
import type { Coordinator, Registration, WorkerSettings, WorkStream, WorkStreamEvents } from "./coordinator.ts";
import type { WorkRequest } from "./lease.ts";
import { decodeResponse, encodeRequest } from "./messages.ts";
import { putCheckpoint } from "./put-checkpoint.ts";

const registerTimeoutMs = 5_000;
const fetchTimeoutMs = 120_000;

const options: ChannelOptions = {
  // The link has a back-off of its own (backoff.ts): the channel is never far behind it.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // Finds a coordinator that vanished without closing its connections.
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  // A proxy for web pages (http_proxy), which grpc-js would go through even to this machine, takes no plaintext HTTP/2.
  "grpc.enable_http_proxy": 0,
  // Its back-off state is then its own, and ends with it.
  "grpc.use_local_subchannel_pool": 1,
};

/** The coordinator at HOST:PORT, over one plaintext channel. */
export function openCoordinator(address: string): Coordinator {
  const stub = new workerService(address, credentials.createInsecure(), options);
  return {
    register: (registration) => register(stub, registration),
    work: (workerId, events) => openWork(stub, workerId, events),
    fetchFile: (sha256, signal) => fetchFile(stub, sha256, signal),
    putCheckpoint: (header, bytes, signal) => putCheckpoint(stub, header, bytes, signal),
    close: () => stub.close(),
  };
}

function register(stub: WorkerServiceClient, registration: Registration): Promise<WorkerSettings> {
  return new Promise((resolve, reject) => {
    const request = { ...registration, evaluators: [...registration.evaluators] };
    stub.register(request, { deadline: Date.now() + registerTimeoutMs }, (error, settings) => {
      if (error !== null) reject(error);
      else if (settings === undefined) reject(new Error("the coordinator sent an empty answer"));
      else resolve(settings);
    });
  });
}

function openWork(stub: WorkerServiceClient, workerId: string, events: WorkStreamEvents): WorkStream {
  const call = stub.work();
  let introduced = false;
  let over = false;
  const ended = (error: Error | null): void => {
    if (over) return;
    over = true;
    events.ended(error);
  };
  call.on("data", (response: WorkResponse__Output) => events.received(decodeResponse(response)));
  call.on("error", ended);
  call.on("end", () => ended(null));
  return {
    send(request: WorkRequest) {
      if (over) return;
      call.write({ ...encodeRequest(request), ...(introduced ? {} : { workerId }) });
      introduced = true;
    },
    end: () => call.end(),
    cancel: () => call.cancel(),
  };
}

async function fetchFile(stub: WorkerServiceClient, sha256: string, signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted();
  const call = stub.fetchFile({ sha256 }, { deadline: Date.now() + fetchTimeoutMs });
  const cancel = (): void => call.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const chunks: Buffer[] = [];
    for await (const { chunk } of call as AsyncIterable<FetchFileResponse__Output>) chunks.push(chunk);
    return Buffer.concat(chunks);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
