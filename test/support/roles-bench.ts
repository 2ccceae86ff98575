import { credentials } from "@grpc/grpc-js";
import { serveStore, type RunningCoordinator } from "../../coordinator/serve.ts";
import type { Store } from "../../coordinator/storage/leadership.ts";
import { MemoryDatabase } from "../../coordinator/storage/memory-database.ts";
import type { SearchServiceClient } from "../../proto/gen/fpnas/v1/SearchService.ts";
import type { WorkerServiceClient } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import { searchService, workerService } from "../../proto/load.ts";
import { silent } from "./scheduling-bench.ts";

/** A coordinator of several, and stubs that speak to it. */
export interface Member {
  readonly coordinator: RunningCoordinator;
  readonly address: string;
  readonly search: SearchServiceClient;
  readonly worker: WorkerServiceClient;
}

/** Coordinators on one store in memory. */
export class RolesBench {
  readonly database = new MemoryDatabase();
  readonly #members: Member[] = [];

  /** Starts one more coordinator, on a store of the database unless another is given. */
  async serve(store: Store = this.database.open(), advertise: string | null = null): Promise<Member> {
    const config = {
      listen: "127.0.0.1:0",
      advertise,
      health: null,
      leaseTtlMs: 30_000,
      weights: null,
      logger: silent,
    };
    const coordinator = await serveStore(store, config);
    const { address } = coordinator;
    const member = {
      coordinator,
      address,
      search: new searchService(address, credentials.createInsecure()),
      worker: new workerService(address, credentials.createInsecure()),
    };
    this.#members.push(member);
    return member;
  }

  async close(): Promise<void> {
    for (const { coordinator, search, worker } of this.#members) {
      search.close();
      worker.close();
      await coordinator.stop();
    }
  }
}
