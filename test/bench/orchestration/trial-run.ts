import { join } from "node:path";
import { FpnasClient } from "../../../client/client.ts";
import { hasEnded } from "../../../client/states.ts";
import type { LoadReport, LoadShape } from "../load/load-plan.ts";
import { runLoad } from "../load/run-load.ts";
import { makeStore, type StoreKind } from "../service/bench-store.ts";
import { anyPort, startCoordinator } from "../service/coordinator.ts";
import { benchJob } from "./bench-job.ts";

/** A load on a coordinator of its own, with one job after another that has the code compiled. */
export interface TrialRun {
  readonly algorithm: string;
  readonly store: StoreKind;
  /** Where the store is made. */
  readonly folder: string;
  readonly load: LoadShape;
  /** For the coordinator's Node. */
  readonly nodeArgs: readonly string[];
}

export interface TrialRunReport extends LoadReport {
  /** Size of the store over the trials that it holds. */
  readonly bytesPerTrial: number;
}

/** Enough for the coordinator's code to be compiled. */
const warmUp: LoadShape = {
  workers: 16,
  held: 16,
  evaluationMs: 0,
  windows: [{ unit: "trials", from: 0, to: 10_000 }],
};

/** Runs a load against a fresh coordinator on a fresh store. Rejects where an outcome is refused, a stream breaks or the job ends. */
export async function runTrials({ algorithm, store: kind, folder, load, nodeArgs }: TrialRun): Promise<TrialRunReport> {
  const store = await makeStore(kind, folder);
  try {
    const coordinator = await startCoordinator(
      { store: store.url, listen: anyPort, flags: [], nodeArgs },
      join(store.folder, "coordinator.log"),
    );
    try {
      const client = new FpnasClient(coordinator.address);
      const run = async (plan: LoadShape, jobId: string): Promise<LoadReport> => {
        const { name } = await client.createJob(benchJob(jobId, algorithm, plan.workers * plan.held));
        const ended = new AbortController();
        void whenEnded(client, name, ended);
        const report = await runLoad(
          { ...plan, address: coordinator.address, serverPid: coordinator.pid },
          ended.signal,
        );
        await client.cancelJob(name);
        return report;
      };
      const warm = await run(warmUp, "warm-up");
      const report = await run(load, "bench");
      client.close();
      if (report.refused > 0) throw new Error(`${report.refused} outcomes were refused`);
      // What the log still holds goes into the file.
      await coordinator.end("SIGTERM");
      return { ...report, bytesPerTrial: (await store.sizeBytes()) / (warm.accepted + report.accepted) };
    } finally {
      await coordinator.end("SIGKILL");
    }
  } finally {
    await store.remove();
  }
}

/** Aborts once the job has come to its end, which no load waits for, or cannot be watched. */
async function whenEnded(client: FpnasClient, job: string, ended: AbortController): Promise<void> {
  try {
    for await (const { state } of client.watchJob(job)) {
      if (hasEnded(state)) ended.abort(new Error(`the job ended (${state}) before the measurement`));
    }
  } catch (error) {
    ended.abort(error);
  }
}
