import { figure, markdownTable } from "../markdown-table.ts";
import type { OrchestrationOptions } from "./options.ts";
import { runTrials } from "./trial-run.ts";

/** A fleet of 1,000 that trains one network at a time for two seconds: 500 trials a second. */
const workers = 1_000;
const evaluationMs = 2_000;
/** Until the workers' first evaluations, which begin together, have spread. */
const warmUpSeconds = 10;
const seconds = 30;

/** 1,000 connected workers at 500 trials a second: how long leases take, and what memory. */
export async function benchFleet(options: OrchestrationOptions, print: (line: string) => void): Promise<void> {
  const { store, folder, nodeArgs } = options;
  const window = { unit: "seconds", from: warmUpSeconds, to: warmUpSeconds + seconds } as const;
  const load = { workers, held: 1, evaluationMs, windows: [window] };
  const { windows } = await runTrials({ algorithm: "random", store, folder, load, nodeArgs });
  const rows = windows.map((one) => [
    figure(one.lease.p99),
    figure(one.lease.p50),
    `${figure(one.outcome.p50)} / ${figure(one.outcome.p99)}`,
    figure(one.trials / one.seconds),
    figure((1000 * one.serverCpuMs) / one.trials),
    figure(one.rssMib),
  ]);
  print(`\n### 1,000 connected workers\n\n${markdownTable(head, rows)}\n`);
}

const head = ["lease p99, ms", "lease p50, ms", "outcome p50 / p99, ms", "trials/s", "CPU µs a trial", "RSS MiB"];
