import { connectivityState, credentials, type ChannelOptions } from "@grpc/grpc-js";
import { searchService, workerService } from "../proto/load.ts";
import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import type { WorkerServiceClient } from "../proto/gen/fpnas/v1/WorkerService.ts";
import { FpnasError, unreachableMessage } from "./errors.ts";

/** How long a silent address may take to accept a connection; one that refuses fails at once. */
const connectTimeoutMs = 4_000;

const options: ChannelOptions = {
  // Every call of the service is safe to repeat: mutations carry a request id.
  "grpc.service_config": JSON.stringify({
    methodConfig: [
      {
        name: [{ service: "fpnas.v1.SearchService" }],
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: "0.1s",
          maxBackoff: "1s",
          backoffMultiplier: 2,
          retryableStatusCodes: ["UNAVAILABLE"],
        },
      },
    ],
  }),
  // A page of jobs carries their specs and results.
  "grpc.max_receive_message_length": 64 * 1024 * 1024,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 5_000,
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  // A proxy for web pages (http_proxy), which grpc-js would go through even to this machine, takes no plaintext HTTP/2.
  "grpc.enable_http_proxy": 0,
  // Its back-off state is then its own, and ends with it.
  "grpc.use_local_subchannel_pool": 1,
};

/** The stub of one coordinator, plaintext. Nothing is sent before the first call. */
export function openStub(address: string): SearchServiceClient {
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
export async function settleConnection(stub: SearchServiceClient, address: string): Promise<void> {
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
