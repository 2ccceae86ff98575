import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { TroubleKind } from "../cluster/troubles.ts";
import type { SeedReport } from "../simulate.ts";

/** What a thread is started with. */
export interface ThreadData {
  /** Name of a defect that is planted in it; null for none. */
  readonly defect: string | null;
  readonly without: readonly TroubleKind[];
}

/** Seeds for a thread to simulate, the last one excluded. */
export interface SeedOrder {
  readonly from: number;
  readonly to: number;
}

/** Seeds that a thread is given at a time. */
const orderSize = 20;

/**
 * Simulates seeds on all cores and hands over each report as it comes, in no order, until all are done or `report` returns false.
 * Rejects where a thread dies, as by an error that nobody caught.
 */
export async function simulateSeeds(
  { from, to }: SeedOrder,
  data: ThreadData,
  report: (report: SeedReport) => boolean,
): Promise<void> {
  let next = from;
  let goesOn = true;
  const serve = async (): Promise<void> => {
    const thread = new Worker(new URL("./seed-thread.js", import.meta.url), { workerData: data });
    try {
      await new Promise<void>((resolve, reject) => {
        thread.on("error", reject);
        thread.on("exit", (code) => reject(new Error(`a thread of the simulator has ended with ${code}`)));
        thread.on("message", (message: SeedReport | "done") => {
          if (message !== "done") {
            if (goesOn) goesOn = report(message);
            if (!goesOn) resolve();
          } else if (next < to) {
            const order: SeedOrder = { from: next, to: Math.min(to, next + orderSize) };
            next = order.to;
            thread.postMessage(order);
          } else resolve();
        });
      });
    } finally {
      await thread.terminate();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, serve));
}
