import type { Coordinator, WorkStreamEvents } from "../../../worker/client/coordinator.ts";
import type { Ledger } from "./ledger.ts";

/** Waits for the first lease that comes over a stream opened after a moment. */
export class FirstLease {
  #sinceMs = Infinity;
  #resolve: (ms: number) => void = () => undefined;

  /** Milliseconds from now until a lease comes over a stream that is yet to be opened. */
  fromNow(): Promise<number> {
    this.#sinceMs = performance.now();
    return new Promise((resolve) => (this.#resolve = resolve));
  }

  leased(streamOpenedMs: number): void {
    if (streamOpenedMs < this.#sinceMs) return;
    this.#resolve(performance.now() - this.#sinceMs);
    this.#sinceMs = Infinity;
  }
}

/** The coordinator, with all that passes told to the ledger, and leases to who waits for the first. */
export function observed(coordinator: Coordinator, ledger: Ledger, firstLease: FirstLease): Coordinator {
  return {
    register: (registration) => coordinator.register(registration),
    fetchFile: (sha256, signal) => coordinator.fetchFile(sha256, signal),
    putCheckpoint: (header, bytes, signal) => coordinator.putCheckpoint(header, bytes, signal),
    fetchWeights: (request, signal) => coordinator.fetchWeights(request, signal),
    putUpdate: (header, bytes, signal) => coordinator.putUpdate(header, bytes, signal),
    close: () => coordinator.close(),
    work(workerId: string, events: WorkStreamEvents) {
      const openedMs = performance.now();
      const stream = coordinator.work(workerId, {
        ended: (error) => events.ended(error),
        received(response) {
          ledger.received(response);
          if (response.leases.length > 0) firstLease.leased(openedMs);
          events.received(response);
        },
      });
      return {
        send(request) {
          ledger.sent(request);
          stream.send(request);
        },
        end: () => stream.end(),
        cancel: () => stream.cancel(),
      };
    },
  };
}
