import prettyMs from "pretty-ms";

/** A count for people: 950, 12.3k, 1.50M, 4.2e+21; "-" where it is not known. */
export function formatCount(count: number | null | undefined): string {
  if (count === null || count === undefined) return "-";
  for (const [unit, letter] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (count >= unit * 1e3 && unit === 1e9) return count.toExponential(1);
    if (count >= unit) return `${(count / unit).toPrecision(3)}${letter}`;
  }
  return String(count);
}

/** A fraction as a percentage with two decimals; "-" where it is not known. */
export function formatShare(fraction: number | undefined): string {
  return fraction === undefined ? "-" : `${(100 * fraction).toFixed(2)}%`;
}

export function formatDuration(durationMs: number): string {
  return prettyMs(Math.max(0, durationMs), { secondsDecimalDigits: 0, unitCount: 2 });
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
