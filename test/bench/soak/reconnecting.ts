import type {
  CheckpointHeader,
  UpdateHeader,
  WeightsRequest,
  Coordinator,
  Registration,
  WorkStreamEvents,
} from "../../../worker/client/coordinator.ts";
import { openCoordinator } from "../../../worker/client/grpc-coordinator.ts";

/** A connection lasts 2 to 6 seconds. */
const shortestMs = 2_000;
const spreadMs = 4_000;

/** A coordinator reached over a network that breaks every few seconds: each stream is cut, and the next one goes over a new connection. */
export class ReconnectingCoordinator implements Coordinator {
  readonly #address: string;
  #inner: Coordinator;
  #cut: NodeJS.Timeout | undefined;
  #isUsed = false;

  constructor(address: string) {
    this.#address = address;
    this.#inner = openCoordinator(address);
  }

  register(registration: Registration) {
    if (this.#isUsed) {
      this.#inner.close();
      this.#inner = openCoordinator(this.#address);
    }
    this.#isUsed = true;
    return this.#inner.register(registration);
  }

  work(workerId: string, events: WorkStreamEvents) {
    clearTimeout(this.#cut);
    const stream = this.#inner.work(workerId, events);
    this.#cut = setTimeout(() => stream.cancel(), shortestMs + spreadMs * Math.random());
    return stream;
  }

  fetchFile(sha256: string, signal: AbortSignal): Promise<Uint8Array> {
    return this.#inner.fetchFile(sha256, signal);
  }

  putCheckpoint(header: CheckpointHeader, bytes: Uint8Array, signal: AbortSignal): Promise<"stored" | "stale"> {
    return this.#inner.putCheckpoint(header, bytes, signal);
  }

  fetchWeights(request: WeightsRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#inner.fetchWeights(request, signal);
  }

  putUpdate(header: UpdateHeader, bytes: Uint8Array, signal: AbortSignal): Promise<"stored" | "stale"> {
    return this.#inner.putUpdate(header, bytes, signal);
  }

  close(): void {
    clearTimeout(this.#cut);
    this.#inner.close();
  }
}
