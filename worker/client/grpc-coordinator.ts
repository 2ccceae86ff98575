import { credentials, type ChannelOptions } from "@grpc/grpc-js";
import { flowControlBytes } from "../../proto/flow-control.ts";
import { weightsService, workerService } from "../../proto/load.ts";
import type { FetchFileResponse__Output } from "../../proto/gen/fpnas/v1/FetchFileResponse.ts";
import type { WeightsServiceClient } from "../../proto/gen/fpnas/v1/WeightsService.ts";
import type { WorkerServiceClient } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import type { WorkResponse__Output } from "../../proto/gen/fpnas/v1/WorkResponse.ts";
import { Route } from "../../proto/route.ts";
import type {
  CheckpointHeader,
  Coordinator,
  Registration,
  UpdateHeader,
  WeightsRequest,
  WorkerSettings,
  WorkStream,
  WorkStreamEvents,
} from "./coordinator.ts";
import type { WorkRequest } from "./lease.ts";
import { decodeResponse, encodeRequest } from "./messages.ts";
import { putCheckpoint } from "./put-checkpoint.ts";
import { fetchWeights, putUpdate } from "./weights.ts";

const registerTimeoutMs = 5_000;
const fetchTimeoutMs = 120_000;

const options: ChannelOptions = {
  // The link has a back-off of its own (backoff.ts): the channel is never far behind it.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // Finds within eight seconds a coordinator that vanished without closing its connections, or that stands still: another may lead.
  "grpc.keepalive_time_ms": 4_000,
  "grpc.keepalive_timeout_ms": 4_000,
  // A proxy for web pages (http_proxy), which grpc-js would go through even to this machine, takes no plaintext HTTP/2.
  "grpc.enable_http_proxy": 0,
  // Its back-off state is then its own, and ends with it.
  "grpc.use_local_subchannel_pool": 1,
};

/** The coordinator that leads, of those at HOST:PORT,.. (separated by commas), over one plaintext channel at a time. */
export function openCoordinator(coordinators: string): Coordinator {
  return new RoutedCoordinator(new Route(coordinators));
}

/** Speaks to one coordinator until a call to it fails, then to the leader that the failure names, or else to the next (proto/route.ts). */
class RoutedCoordinator implements Coordinator {
  readonly #route: Route;
  #stub: WorkerServiceClient;
  #weights: WeightsServiceClient;

  constructor(route: Route) {
    this.#route = route;
    this.#stub = openStub(route.address);
    this.#weights = openWeightsStub(route.address);
  }

  async register(registration: Registration): Promise<WorkerSettings> {
    for (let isLast = false; ; isLast = true) {
      const { address } = this.#route;
      try {
        return await register(this.#stub, registration);
      } catch (error) {
        // The leader that a follower names is worth a try at once, but no more than one: it may be gone.
        if (!this.#turn(address, error) || isLast) throw error;
      }
    }
  }

  work(workerId: string, events: WorkStreamEvents): WorkStream {
    const { address } = this.#route;
    return openWork(this.#stub, workerId, {
      received: (response) => events.received(response),
      ended: (error) => {
        if (error !== null) this.#turn(address, error);
        events.ended(error);
      },
    });
  }

  fetchFile(sha256: string, signal: AbortSignal): Promise<Uint8Array> {
    return fetchFile(this.#stub, sha256, signal);
  }

  putCheckpoint(header: CheckpointHeader, bytes: Uint8Array, signal: AbortSignal): Promise<"stored" | "stale"> {
    return putCheckpoint(this.#stub, header, bytes, signal);
  }

  fetchWeights(request: WeightsRequest, signal: AbortSignal): Promise<Uint8Array> {
    return fetchWeights(this.#weights, request, signal);
  }

  putUpdate(header: UpdateHeader, bytes: Uint8Array, signal: AbortSignal): Promise<"stored" | "stale"> {
    return putUpdate(this.#weights, header, bytes, signal);
  }

  close(): void {
    this.#stub.close();
    this.#weights.close();
  }

  /** Whether it now speaks to a leader that the error names. Calls under way elsewhere go on. */
  #turn(address: string, error: unknown): boolean {
    const before = this.#route.address;
    const isLeader = this.#route.turn(address, error);
    if (this.#route.address !== before) {
      this.close();
      this.#stub = openStub(this.#route.address);
      this.#weights = openWeightsStub(this.#route.address);
    }
    return isLeader;
  }
}

function openStub(address: string): WorkerServiceClient {
  return new workerService(address, credentials.createInsecure(), options);
}

/** Over a connection of its own, opened by its first call: weights on their way hold no lease up. */
function openWeightsStub(address: string): WeightsServiceClient {
  return new weightsService(address, credentials.createInsecure(), {
    ...options,
    "grpc-node.flow_control_window": flowControlBytes,
  });
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
