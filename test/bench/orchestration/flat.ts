import { leasesHeld } from "../../../worker/runner-leases.ts";
import type { LoadWindow, WindowFigures } from "../load/load-plan.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import type { OrchestrationOptions } from "./options.ts";
import { runTrials } from "./trial-run.ts";

const workers = 64;
/** Trials of a window: enough CPU time to be read from a clock of hundredths of a second. */
const width = 2_000;

/**
 * Whether anything grows with the number of trials: one job from its first trial to its last, seen around the 1,000th, the 10,000th and
 * the last.
 */
export async function benchFlat(options: OrchestrationOptions, print: (line: string) => void): Promise<void> {
  const { store, folder, trials, nodeArgs } = options;
  const windows = [1_000, 10_000, trials - width].map((from): LoadWindow => ({
    unit: "trials",
    from,
    to: from + width,
  }));
  const load = { workers, held: leasesHeld.tabular, evaluationMs: 0, windows };
  const { windows: seen } = await runTrials({ algorithm: "random", store, folder, load, nodeArgs });
  const [first] = seen;
  if (first === undefined) throw new Error("the load has no window");
  const rows = seen.map((one) => [
    figure(one.window.from),
    figure(one.lease.p50 / first.lease.p50),
    figure(cpuMicros(one) / cpuMicros(first)),
    figure(one.trials / one.seconds),
    `${figure(one.lease.p50)} / ${figure(one.lease.p99)}`,
    `${figure(one.outcome.p50)} / ${figure(one.outcome.p99)}`,
    figure(cpuMicros(one)),
    figure(one.rssMib),
  ]);
  print(`\n### One job of ${figure(trials)} trials, ${workers} workers\n\n${markdownTable(head, rows)}\n`);
}

const head = [
  "after trials",
  "lease p50, of the first",
  "CPU a trial, of the first",
  "trials/s",
  "lease p50 / p99, ms",
  "outcome p50 / p99, ms",
  "CPU µs a trial",
  "RSS MiB",
];

function cpuMicros({ serverCpuMs, trials }: WindowFigures): number {
  return (1000 * serverCpuMs) / trials;
}
