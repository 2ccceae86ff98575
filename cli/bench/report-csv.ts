import type { SeedRecord } from "./seed-record.ts";
import { checkpoints } from "./bench-row.ts";
import type { BenchRun } from "./run-bench.ts";

const figures = [
  "bestTop1",
  "bestTop01",
  "uniqueTop01",
  "modeTop1",
  "modeTop01",
] as const satisfies readonly (keyof SeedRecord)[];

/** Every search on a line (RFC 4180), for statistics of one's own: empty where it did not get there; regrets in points of accuracy. */
export function benchCsv(
  runs: readonly BenchRun[],
  { workers, maxDraws }: { readonly workers: number; readonly maxDraws: number },
): string {
  const draws = checkpoints(maxDraws);
  const head = [
    "table",
    "algorithm",
    "seed",
    "workers",
    ...figures,
    "feasible",
    ...draws.map((n) => `regretAfter${String(n)}`),
    "busy",
    "stepMs",
  ];
  const lines = runs.flatMap(({ problem, algorithm, records }) =>
    records.map((record) => [
      problem.name,
      algorithm,
      record.seed,
      workers,
      ...figures.map((figure) => record[figure]),
      record.isFeasible,
      ...draws.map((n) => 100 * (record.regrets[n - 1] ?? Infinity)),
      record.busy,
      record.stepMs,
    ]),
  );
  return [head, ...lines].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "";
  const text = typeof value === "number" ? String(Number(value.toPrecision(12))) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
