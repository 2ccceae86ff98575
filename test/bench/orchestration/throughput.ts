import { leasesHeld } from "../../../worker/runner-leases.ts";
import { appendsPerSecond, sqliteCommitsPerSecond } from "../limits/durable-appends.ts";
import type { LoadReport } from "../load/load-plan.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { runEcho } from "./echo-run.ts";
import type { OrchestrationOptions } from "./options.ts";
import { runTrials } from "./trial-run.ts";

/** Before a row is measured: connections and the first round are then behind it. */
const warmUpSeconds = 2;

/** Durable trials a second by number of workers, beside what the stubs and the disk allow. Prints Markdown, ratios first. */
export async function benchThroughput(options: OrchestrationOptions, print: (line: string) => void): Promise<void> {
  const { folder, seconds } = options;
  const held = leasesHeld.tabular;
  const rows: string[][] = [];
  for (const workers of options.workers) {
    const window = { unit: "seconds", from: warmUpSeconds, to: warmUpSeconds + seconds } as const;
    const load = { workers, held, evaluationMs: 0, windows: [window] };
    const echo = await runEcho(folder, load);
    const echoRate = rateOf(echo);
    for (const algorithm of ["random", "fp-nas"]) {
      const ours = await runTrials({ algorithm, folder, load, nodeArgs: options.nodeArgs });
      const group = workers * held;
      const bytes = Math.ceil(group * ours.bytesPerTrial);
      const fsync = group * appendsPerSecond(folder, bytes);
      const sqlite = group * sqliteCommitsPerSecond(folder, bytes);
      const [seen] = ours.windows;
      if (seen === undefined) throw new Error("the load has no window");
      const rate = rateOf(ours);
      rows.push([
        `${algorithm}, ${workers}`,
        figure(rate / Math.min(echoRate, fsync)),
        figure(rate),
        figure(echoRate),
        figure(fsync),
        figure(sqlite),
        `${figure(seen.lease.p50)} / ${figure(seen.lease.p99)}`,
        `${figure(seen.outcome.p50)} / ${figure(seen.outcome.p99)}`,
        figure((1000 * seen.serverCpuMs) / seen.trials),
        figure(seen.rssMib),
      ]);
      print(`${algorithm}, ${workers} workers: ${figure(rate)} trials/s, echo ${figure(echoRate)}`);
    }
  }
  print(`\n### Durable trials a second\n\n${markdownTable(head, rows)}\n`);
}

const head = [
  "algorithm, workers",
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
