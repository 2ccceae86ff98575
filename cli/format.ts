import prettyMs from "pretty-ms";
import type { JobSpec } from "../spec/types.ts";

const units = [
  { size: 1e9, letter: "G" },
  { size: 1e6, letter: "M" },
  { size: 1e3, letter: "k" },
] as const;

/** A count or a mean of counts for people, in three digits: 950, 12.3k, 1.50M, 4.2e+21; "-" where it is not known. */
export function formatCount(count: number | null | undefined): string {
  if (count === null || count === undefined) return "-";
  if (count >= 999.5e9) return count.toExponential(1);
  // What would round to 1000 of a unit is 1 of the next.
  const unit = units.find(({ size }) => count >= size * 0.9995);
  return unit === undefined
    ? String(Number(count.toPrecision(3)))
    : `${(count / unit.size).toPrecision(3)}${unit.letter}`;
}

/** A fraction as a percentage with two decimals; "-" where it is not known. */
export function formatShare(fraction: number | undefined): string {
  return fraction === undefined ? "-" : `${(100 * fraction).toFixed(2)}%`;
}

/** A job's algorithm, and why it was taken. */
export function algorithmText({ search, algorithmReason }: JobSpec): string {
  return `algorithm ${search.algorithm.name} (${algorithmReason})`;
}

/** A number of workers: 1 worker, 4 workers. */
export function formatWorkers(count: number): string {
  return `${String(count)} ${count === 1 ? "worker" : "workers"}`;
}

/** A time in whole seconds or more: 0s, 12s, 2m 30s, 1h 5m. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(Math.max(0, durationMs) / 1000);
  return seconds === 0 ? "0s" : prettyMs(seconds * 1000, { unitCount: 2 });
}

/** Rows under a heading with their columns aligned: figures to the right, words to the left. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columns = (rows[0] ?? []).map((_, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    const width = Math.max(...cells.map((cell) => cell.length));
    const hasFigures = cells.slice(1).every((cell) => /^(-?\d|-$|$)/.test(cell));
    return cells.map((cell) => (hasFigures ? cell.padStart(width) : cell.padEnd(width)));
  });
  return rows
    .map((_, row) =>
      columns
        .map((cells) => cells[row] ?? "")
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const bars = "▁▂▃▄▅▆▇█";

/** The last `width` values as bars, from 0 to `top`. */
export function formatSparkline(values: readonly number[], top: number, width: number): string {
  return values
    .slice(-width)
    .map((value) => {
      const level = top > 0 ? Math.floor((Math.min(Math.max(value, 0), top) / top) * (bars.length - 1)) : 0;
      return bars[level] ?? "";
    })
    .join("");
}

/** A bar of `width` cells, filled by a share of 0 to 1. */
export function formatBar(share: number, width: number): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}
