import { appendsPerSecond, sqliteCommitsPerSecond } from "../limits/durable-appends.ts";
import type { LoadReport, LoadShape } from "../load/load-plan.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { runEcho } from "./echo-run.ts";
import type { OrchestrationOptions } from "./options.ts";
import { runTrials } from "./trial-run.ts";

/** Before a row is measured: connections and the first round are then behind it. */
const warmUpSeconds = 2;

/** Durable trials a second by number of workers, beside what the stubs and the disk allow. Prints Markdown, ratios first. */
export async function benchThroughput(options: OrchestrationOptions, print: (line: string) => void): Promise<void> {
  const rows: string[][] = [];
  for (const held of options.held) {
    for (const workers of options.workers) {
      const echo = await runEcho(options.folder, loadOf(workers, held, options.seconds));
      for (const algorithm of ["random", "fp-nas"]) {
        const row = await measureRow(algorithm, workers, held, rateOf(echo), options);
        rows.push(row);
        print(row.join("  "));
      }
    }
  }
  print(`\n### Durable trials a second\n\n${markdownTable(head, rows)}\n`);
}

async function measureRow(
  algorithm: string,
  workers: number,
  held: number,
  echo: number,
  { store, folder, seconds, nodeArgs }: OrchestrationOptions,
): Promise<string[]> {
  const load = loadOf(workers, held, seconds);
  const ours = await runTrials({ algorithm, store, folder, load, nodeArgs });
  // More than all that the workers hold cannot become durable together.
  const group = workers * held;
  const bytes = Math.ceil(group * ours.bytesPerTrial);
  const fsync = group * appendsPerSecond(folder, bytes);
  const sqlite = group * sqliteCommitsPerSecond(folder, bytes);
  const [seen] = ours.windows;
  if (seen === undefined) throw new Error("the load has no window");
  const rate = rateOf(ours);
  return [
    `${algorithm}, ${workers} × ${held}`,
    figure(rate / Math.min(echo, fsync)),
    figure(rate),
    figure(echo),
    figure(fsync),
    figure(sqlite),
    `${figure(seen.lease.p50)} / ${figure(seen.lease.p99)}`,
    `${figure(seen.outcome.p50)} / ${figure(seen.outcome.p99)}`,
    figure((1000 * seen.serverCpuMs) / seen.trials),
    figure(seen.rssMib),
  ];
}

function loadOf(workers: number, held: number, seconds: number): LoadShape {
  const window = { unit: "seconds", from: warmUpSeconds, to: warmUpSeconds + seconds } as const;
  return { workers, held, evaluationMs: 0, windows: [window] };
}

const head = [
  "algorithm, workers × leases held",
  "of the lower limit",
  "trials/s",
  "echo/s",
  "fsync/s",
  "SQLite/s",
  "lease p50 / p99, ms",
  "outcome p50 / p99, ms",
  "CPU µs a trial",
  "RSS MiB",
];

function rateOf({ windows: [seen] }: LoadReport): number {
  return seen === undefined ? NaN : seen.trials / seen.seconds;
}
