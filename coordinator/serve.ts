import type { CoordinatorConfig } from "./config.ts";

export type { CoordinatorConfig } from "./config.ts";

/** A coordinator that serves. */
export interface RunningCoordinator {
  /** HOST:PORT really bound. */
  readonly address: string;
  /** Resolves, with the cause, when the coordinator can't go on; never rejects. */
  readonly failed: Promise<Error>;
  /** Ends gracefully: no new leases, streams closed, outcomes under way made durable, storage closed. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Opens the store, takes up its open jobs and serves gRPC.
 * Rejects with StorageError where the store cannot be opened, and with an Error that names the address where it cannot be bound.
 */
export function startCoordinator(config: CoordinatorConfig): Promise<RunningCoordinator> {
  return Promise.reject(new Error(`the coordinator at ${config.listen} cannot be started yet`));
}
