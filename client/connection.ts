import { connectivityState, credentials, type ChannelOptions } from "@grpc/grpc-js";
import { searchService, workerService } from "../proto/load.ts";
import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import type { WorkerServiceClient } from "../proto/gen/fpnas/v1/WorkerService.ts";
import { Route } from "../proto/route.ts";
import { FpnasError, unreachableMessage } from "./errors.ts";

/** How long a silent address may take to accept a connection; one that refuses fails at once. */
const connectTimeoutMs = 4_000;

const options: ChannelOptions = {
  // Calls are made again by retry.ts, which may go to another coordinator.
  "grpc.enable_retries": 0,
  // A page of jobs carries their specs and results.
  "grpc.max_receive_message_length": 64 * 1024 * 1024,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 5_000,
  // Finds within eight seconds a coordinator that vanished, or that stands still: another may lead.
  "grpc.keepalive_time_ms": 4_000,
  "grpc.keepalive_timeout_ms": 4_000,
  // A proxy for web pages (http_proxy), which grpc-js would go through even to this machine, takes no plaintext HTTP/2.
  "grpc.enable_http_proxy": 0,
  // Its back-off state is then its own, and ends with it.
  "grpc.use_local_subchannel_pool": 1,
};

/** A coordinator to speak to. */
export interface Peer {
  /** HOST:PORT. */
  readonly address: string;
  readonly stub: SearchServiceClient;
}

/** One plaintext channel at a time: to the coordinator that answered last, or that may answer next (proto/route.ts). */
export class Connection {
  /** As given: HOST:PORT of each coordinator, separated by commas. */
  readonly coordinators: string;
  readonly #route: Route;
  #stub: SearchServiceClient;
  #isClosed = false;

  /** Nothing is sent before the first call. */
  constructor(coordinators: string) {
    this.coordinators = coordinators;
    this.#route = new Route(coordinators);
    this.#stub = openStub(this.#route.address);
  }

  /** How many coordinators were given. */
  get length(): number {
    return this.#route.length;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Where to make a call now. */
  get peer(): Peer {
    return { address: this.#route.address, stub: this.#stub };
  }

  /**
   * A call to `address` failed with this error. Returns whether `peer` is now a leader that the error names. Calls under way at the peer
   * before go on. Not to be called once closed.
   */
  turn(address: string, error: unknown): boolean {
    const before = this.#route.address;
    const isLeader = this.#route.turn(address, error);
    if (this.#route.address !== before) {
      this.#stub.close();
      this.#stub = openStub(this.#route.address);
    }
    return isLeader;
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#stub.close();
  }
}

function openStub(address: string): SearchServiceClient {
  return new searchService(address, credentials.createInsecure(), options);
}

/** A stub for the coordinator's files, over the connection of another stub, with which it ends. */
export function openFileStub(stub: SearchServiceClient): WorkerServiceClient {
  const channelOverride = stub.getChannel();
  return new workerService(channelOverride.getTarget(), credentials.createInsecure(), { channelOverride });
}

/**
 * Resolves once the stub is connected, or has failed to (the call that follows then says why). Rejects with FpnasError `unreachable`
 * after four seconds without either, as behind a firewall that drops packets.
 */
export async function settleConnection({ stub, address }: Peer): Promise<void> {
  const channel = stub.getChannel();
  const deadlineMs = Date.now() + connectTimeoutMs;
  let state = channel.getConnectivityState(true);
  while (state === connectivityState.IDLE || state === connectivityState.CONNECTING) {
    const before = state;
    await new Promise<void>((resolve, reject) =>
      channel.watchConnectivityState(before, deadlineMs, (error) => {
        if (error === undefined) resolve();
        else {
          const reason = `no answer within ${connectTimeoutMs / 1000} s`;
          reject(new FpnasError("unreachable", unreachableMessage(address, reason), [], { cause: error }));
        }
      }),
    );
    state = channel.getConnectivityState(true);
  }
}
