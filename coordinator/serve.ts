import { checkConfig, type CoordinatorConfig } from "./config.ts";
import { openWeights } from "./open-weights.ts";
import { CoordinatorMetrics } from "./observability/metrics.ts";
import { serveMetrics } from "./observability/metrics-server.ts";
import { Roles } from "./roles.ts";
import { CoordinatorServer } from "./rpc/server.ts";
import { systemClock } from "./scheduling/clock.ts";
import type { Store } from "./storage/leadership.ts";
import { nameStore, openStore } from "./storage/open-store.ts";
import type { WeightsStore } from "./weights/weights-store.ts";

export type { CoordinatorConfig } from "./config.ts";

/** A coordinator that serves. */
export interface RunningCoordinator {
  /** HOST:PORT really bound. */
  readonly address: string;
  /** HOST:PORT where metrics are really served; null where they are not. */
  readonly metrics: string | null;
  /** Resolves, with the cause, when the coordinator can't go on; never rejects. */
  readonly failed: Promise<Error>;
  /** Ends gracefully: no new leases, streams closed, outcomes under way made durable, the next one leads. Idempotent. */
  stop(): Promise<void>;
}

/** How long calls may take to end once the coordinator stops. */
const stopGraceMs = 2_000;

/**
 * Opens the store and the weights beside it and serves gRPC, as `serveStore` does.
 * Rejects with InputError where the configuration makes no sense, with StorageError where the store cannot be opened or read, with WeightsError
 * where there is no place for weights, and with an Error that names the address where it cannot be bound.
 */
export async function startCoordinator(config: CoordinatorConfig): Promise<RunningCoordinator> {
  checkConfig(config);
  const { logger } = config;
  const store = await openStore(config.store);
  const close: (() => Promise<void>)[] = [() => store.close()];
  const closeAll = async (): Promise<void> => {
    for (const each of close.splice(0).reverse()) await each();
  };
  try {
    const weights = await openWeights(config);
    close.push(() => weights.close());
    logger.info({ store: nameStore(config.store), weights: weights.folder }, "store opened");
    const running = await serveStore(store, { ...config, weights: weights.store });
    return { ...running, stop: () => running.stop().then(closeAll) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** What a coordinator serves an open store with. */
export interface ServeOptions extends Omit<CoordinatorConfig, "store" | "weights"> {
  /** Shared weights, which stay open; null for a coordinator that keeps none. */
  readonly weights: WeightsStore | null;
}

/**
 * Serves gRPC on an open store, which stays open: as its leader, once the open jobs are taken up, or as a follower where another one
 * leads; what becomes of it later is told in `Roles`. Rejects as `startCoordinator`.
 */
export async function serveStore(store: Store, config: ServeOptions): Promise<RunningCoordinator> {
  const { logger, leaseTtlMs, weights } = config;
  const observer = config.metrics === undefined ? null : new CoordinatorMetrics(() => roles.gauges);
  const roles: Roles = new Roles({ store, clock: systemClock, logger, leaseTtlMs, weights, observer });
  const metrics = observer === null ? null : await serveMetrics(observer, config.metrics ?? "", logger);
  const server = await CoordinatorServer.start(roles, logger, config.listen, config.health).catch(
    async (error: unknown) => {
      await metrics?.stop();
      throw error;
    },
  );
  const { address } = server;
  const advertised = config.advertise ?? address;
  logger.info({ address, advertised, metrics: metrics?.address }, "coordinator serves");
  const stop = async (): Promise<void> => {
    server.retire();
    await roles.stop();
    await server.stop(stopGraceMs);
    await metrics?.stop();
    logger.info("coordinator stopped");
  };
  let stopped: Promise<void> | null = null;
  const running = {
    ...{ address, metrics: metrics?.address ?? null, failed: roles.failed },
    stop: () => (stopped ??= stop()),
  };
  roles.start(advertised);
  void roles.failed.then(() => server.retire());
  const failure = await Promise.race([roles.failed, roles.settled().then(() => null)]);
  if (failure === null) return running;
  await running.stop();
  throw failure;
}
