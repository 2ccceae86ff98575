/**
 * A coordinator that kills itself with SIGKILL at a commit of a job: `node coordinator.js STORE LISTEN`.
 * A line `JOB COMMIT before|after` on stdin arms it: the job's commit of that number, from 1, is its last one, just before or just
 * after it is durable. It says `listening on HOST:PORT`, `armed`, and `commit JOB COMMIT` for each that it is about to make. It ends
 * when its stdin does.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { pino } from "pino";

import { serveStore } from "../../../coordinator/serve.ts";
import { openStore } from "../../../coordinator/storage/open-store.ts";
import { faultyStore, type FaultSchedule } from "../faulty-storage.ts";
import { leaseTtlMs } from "./job.ts";

const [url = "", listen = ""] = process.argv.slice(2);
const logger = pino({ level: "silent" });

/** Blocks until the line is in the pipe: the kill cannot take it back. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

let last: { readonly job: string; readonly commit: number; readonly fault: "diesBefore" | "diesAfter" } | null = null;
const commits = new Map<string, number>();

const schedule: FaultSchedule = (_, [first]) => {
  if (first === undefined) return null;
  const { job } = first;
  const commit = (commits.get(job) ?? 0) + 1;
  commits.set(job, commit);
  say(`commit ${job} ${commit}`);
  return last?.job === job && last.commit === commit ? last.fault : null;
};

const input = createInterface({ input: process.stdin });
input.on("line", (line) => {
  const [job = "", commit = "", when = ""] = line.split(" ");
  last = { job, commit: Number(commit), fault: when === "before" ? "diesBefore" : "diesAfter" };
  say("armed");
});
input.on("close", () => process.exit());

const store = faultyStore(await openStore(url), schedule, () => process.kill(process.pid, "SIGKILL"));
const config = { listen, health: null, advertise: null, weights: null, leaseTtlMs, logger };
const { address, failed } = await serveStore(store, config);
say(`listening on ${address}`);
const failure = await failed;
say(`failed: ${failure.message}`);
process.exit(1);
