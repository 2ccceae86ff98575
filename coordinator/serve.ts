import type { Logger } from "pino";
import type { CoordinatorConfig } from "./config.ts";
import { CoordinatorServer } from "./rpc/server.ts";
import { systemClock } from "./scheduling/clock.ts";
import { Engine } from "./scheduling/engine.ts";
import type { Store } from "./storage/leadership.ts";
import { nameStore, openStore } from "./storage/open-store.ts";

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

/** How long calls may take to end once the coordinator stops. */
const stopGraceMs = 2_000;

/**
 * Opens the store, leads, takes up its open jobs and serves gRPC.
 * Rejects with StorageError where the store cannot be opened or read, and with an Error that names the address where it cannot be
 * bound.
 */
export async function startCoordinator(config: CoordinatorConfig): Promise<RunningCoordinator> {
  const { logger, leaseTtlMs } = config;
  const store = await openStore(config.store);
  let engine: Engine | null = null;
  try {
    const { storage } = await store.lead(config.listen, new AbortController().signal);
    engine = await Engine.start({ storage, clock: systemClock, logger, leaseTtlMs });
    const server = await CoordinatorServer.start(engine, logger, config.listen, config.health);
    logger.info({ address: server.address, store: nameStore(config.store) }, "coordinator serves");
    return run(engine, server, store, logger);
  } catch (error) {
    await engine?.stop();
    await store.close();
    throw error;
  }
}

function run(engine: Engine, server: CoordinatorServer, store: Store, logger: Logger): RunningCoordinator {
  const stop = async (): Promise<void> => {
    server.retire();
    await engine.stop();
    await server.stop(stopGraceMs);
    await store.close();
    logger.info("coordinator stopped");
  };
  let stopped: Promise<void> | null = null;
  return { address: server.address, failed: engine.failed, stop: () => (stopped ??= stop()) };
}
