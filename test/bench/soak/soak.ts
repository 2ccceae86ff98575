import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { FpnasClient } from "../../../client/client.ts";
import { leasesHeld } from "../../../worker/runner-leases.ts";
import { benchJob } from "../orchestration/bench-job.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { makeStore, type BenchStore } from "../service/bench-store.ts";
import { benchWorker } from "../service/bench-worker.ts";
import type { ChildService } from "../service/child-service.ts";
import { freePort } from "../../support/postgres-server.ts";
import { anyPort, startCoordinator } from "../service/coordinator.ts";
import { describeMachine } from "../service/machine.ts";
import { rssMibOf } from "../service/proc.ts";
import { memoryTrend, type MemorySample } from "./memory-trend.ts";
import { parseSoak, type SoakOptions } from "./options.ts";
import { probe } from "./probe.ts";
import { ReconnectingCoordinator } from "./reconnecting.ts";

const workers = 200;
const evaluationMs = 1_000;
const probeMs = 1_000;
/** In probes. */
const sampleEvery = 10;
/** What memory does before belongs to the start. */
const settledMinutes = 5;
/** Growth from beginning to end that is still called flat: what garbage collection makes memory go up and down by. */
const flatShare = 0.1;

/** Memory under steady load with probes every second and workers that reconnect every few seconds. Flags: options.ts. */
export async function benchSoak(flags: readonly string[], print: (line: string) => void): Promise<void> {
  const options = parseSoak(flags);
  print(`npm run bench -- soak ${flags.join(" ")}\n${describeMachine(options.folder)}\n`);
  const store = await makeStore("sqlite", options.folder);
  try {
    await soak(store, options, print);
  } finally {
    await store.remove();
  }
}

async function soak(store: BenchStore, { minutes }: SoakOptions, print: (line: string) => void): Promise<void> {
  const health = `127.0.0.1:${await freePort()}`;
  const coordinator = await startCoordinator(
    { store: store.url, listen: anyPort, flags: ["--health", health], nodeArgs: [] },
    join(store.folder, "coordinator.log"),
  );
  const client = new FpnasClient(coordinator.address);
  const fleet = Array.from({ length: workers }, (_, index) =>
    benchWorker(`w${index}`, new ReconnectingCoordinator(coordinator.address), evaluationMs),
  );
  try {
    const { name } = await client.createJob(benchJob("soak", "random", workers * leasesHeld.tabular));
    for (const worker of fleet) worker.start();
    const samples = await watchMemory(coordinator, health, minutes, print);
    const { progress } = await client.getJob(name);
    report(samples, progress.trialsEnded, print);
  } finally {
    await Promise.all(fleet.map((worker) => worker.stop()));
    client.close();
    await coordinator.end("SIGKILL");
  }
}

async function watchMemory(
  { pid }: ChildService,
  health: string,
  minutes: number,
  print: (line: string) => void,
): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  const start = performance.now();
  for (let second = 1; second <= minutes * 60; second += 1) {
    const status = await probe(health);
    if (status !== "SERVING") throw new Error(`a probe was answered ${status}`);
    if (second % sampleEvery === 0) {
      const sample = { minutes: (performance.now() - start) / 60_000, mib: rssMibOf(pid) };
      samples.push(sample);
      if (second % 60 === 0) print(`${figure(sample.minutes)} min: ${figure(sample.mib)} MiB`);
    }
    await pause(Math.max(0, start + second * probeMs - performance.now()));
  }
  return samples;
}

function report(samples: readonly MemorySample[], trials: number, print: (line: string) => void): void {
  const { mibPerHour, first, last, most } = memoryTrend(samples, settledMinutes);
  const isFlat = last <= first * (1 + flatShare);
  const row = [isFlat ? "flat" : "grows", ...[mibPerHour, first, last, most, trials].map(figure)];
  print(`\n### Soak: ${workers} reconnecting workers, a probe a second\n\n${markdownTable(head, [row])}\n`);
}

const head = [
  `memory after ${settledMinutes} min`,
  "MiB an hour",
  "at first, MiB",
  "at last, MiB",
  "most, MiB",
  "trials ended",
];
