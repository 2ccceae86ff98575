/**
 * A coordinator that kills itself with SIGKILL at a step: `node coordinator.js STORE WEIGHTS LISTEN STEP`. Steps are each commit, just before and
 * just after it is durable, and each merge and update of the shared weights: as it begins, in its midst, and when it is done. It says `listening on
 * HOST:PORT`, and ends when its stdin does.
 */
import { writeSync } from "node:fs";
import { pino } from "pino";

import { serveStore } from "../../../../coordinator/serve.ts";
import { openStore } from "../../../../coordinator/storage/open-store.ts";
import { openWeightsStore, type DiskWeights } from "../../../../coordinator/weights/open-store.ts";
import { withMethods } from "../../scheduling-storage.ts";
import { withCommits } from "./commits.ts";
import { leaseTtlMs } from "./job.ts";
import { Steps } from "./steps.ts";

const [url = "", folder = "", listen = "", step = "0"] = process.argv.slice(2);
const steps = new Steps(Number(step));
const disk = await openWeightsStore(folder);

async function* noting(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    yield chunk;
    steps.take("update in its midst");
  }
}

const weights = withMethods(disk, {
  merge: async (...of: Parameters<DiskWeights["merge"]>) => {
    steps.take("merge begins");
    const merging = disk.merge(...of);
    // The thread is at it.
    for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    steps.take("merge in its midst");
    await merging;
    steps.take("merge done");
  },
  putUpdate: async (job: string, header: Parameters<DiskWeights["putUpdate"]>[1], bytes: AsyncIterable<Uint8Array>) => {
    steps.take("update begins");
    await disk.putUpdate(job, header, noting(bytes));
    steps.take("update stored");
  },
});

const store = withCommits(await openStore(url), steps);
const logger = pino({ level: "silent" });
const config = { listen, health: null, advertise: null, leaseTtlMs, logger };
const { address, failed } = await serveStore(store, { ...config, weights });
writeSync(1, `listening on ${address}\n`);
process.stdin.resume().on("end", () => process.exit());
const failure = await failed;
writeSync(1, `failed: ${failure.message}\n`);
process.exit(1);
