import { join } from "node:path";
import { FpnasClient } from "../../../client/client.ts";
import { leasesHeld } from "../../../worker/runner-leases.ts";
import { openCoordinator } from "../../../worker/client/grpc-coordinator.ts";
import { benchJob } from "../orchestration/bench-job.ts";
import { makeStore, type BenchStore, type StoreKind } from "../service/bench-store.ts";
import { benchWorker } from "../service/bench-worker.ts";
import type { ChildService } from "../service/child-service.ts";
import { anyPort, startCoordinator } from "../service/coordinator.ts";
import { FirstLease, observed } from "./first-lease.ts";
import { Ledger } from "./ledger.ts";
import type { RecoveryOptions } from "./options.ts";

const workers = 8;
/** Outcomes between one kill and the next. */
const between = 2_000;

/** What was seen of one kill -9, in seconds from then. */
export interface KillFigures {
  /** Until the killed coordinator serves again, as the leader or behind another. */
  readonly served: number;
  /** Until a worker had a lease over a stream that was opened afterwards. */
  readonly leased: number;
}

/** What was seen of one store. */
export interface Recovery {
  readonly kills: readonly KillFigures[];
  readonly acknowledged: number;
  /** Acknowledged outcomes that the store does not have as they were sent. */
  readonly lost: number;
}

/**
 * Workers at full speed; once so many trials are in the store, the leader is killed with -9 and started again at once, as often as
 * asked. On SQLite that is a restart; on PostgreSQL a second coordinator takes over, and the killed one is the next second.
 */
export async function recover(kind: StoreKind, options: RecoveryOptions): Promise<Recovery> {
  const store = await makeStore(kind, options.folder);
  const coordinators: ChildService[] = [];
  try {
    const count = kind === "postgres" ? 2 : 1;
    while (coordinators.length < count) coordinators.push(await start(store, anyPort));
    return await underLoad(store, coordinators, options);
  } finally {
    await Promise.all(coordinators.map((coordinator) => coordinator.end("SIGKILL")));
    await store.remove();
  }
}

async function underLoad(
  store: BenchStore,
  coordinators: ChildService[],
  { trials, kills }: RecoveryOptions,
): Promise<Recovery> {
  const addresses = coordinators.map(({ address }) => address).join();
  const client = new FpnasClient(addresses);
  const { name: job } = await client.createJob(benchJob("recovery", "random", workers * leasesHeld.tabular));
  const ledger = new Ledger();
  const firstLease = new FirstLease();
  const fleet = Array.from({ length: workers }, (_, index) =>
    benchWorker(`w${index}`, observed(openCoordinator(addresses), ledger, firstLease), 0),
  );
  for (const worker of fleet) worker.start();
  try {
    const seen: KillFigures[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await ledger.untilAcknowledged(kill === 0 ? trials : ledger.acknowledged + between);
      seen.push(await killLeader(store, coordinators, firstLease));
    }
    await ledger.untilAcknowledged(ledger.acknowledged + between);
    await Promise.all(fleet.map((worker) => worker.stop()));
    return { kills: seen, acknowledged: ledger.acknowledged, lost: await ledger.lost(client, job) };
  } finally {
    await Promise.all(fleet.map((worker) => worker.stop()));
    client.close();
  }
}

/** The first coordinator leads. It comes back behind the others, at the same address. */
async function killLeader(
  store: BenchStore,
  coordinators: ChildService[],
  firstLease: FirstLease,
): Promise<KillFigures> {
  const leader = coordinators.shift();
  if (leader === undefined) throw new Error("some coordinator leads");
  const startMs = performance.now();
  const lease = firstLease.fromNow();
  await leader.end("SIGKILL");
  coordinators.push(await start(store, leader.address));
  const served = (performance.now() - startMs) / 1000;
  return { served, leased: (await lease) / 1000 };
}

function start({ url, folder }: BenchStore, listen: string): Promise<ChildService> {
  return startCoordinator({ store: url, listen, flags: [], nodeArgs: [] }, join(folder, "coordinator.log"));
}
