import type { ProbeResults } from "../../worker/backend/rank-backends.ts";
import type { DoctorReport } from "./diagnose.ts";

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** The report for people. */
export function reportText({ version, machine, results, taken, advice }: DoctorReport): string {
  const { cpu, cores, memoryBytes, freeMemoryBytes, gpus } = machine;
  return [
    `fpnas ${version}, Node ${machine.node}, ${machine.platform}`,
    `${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}; ${gib(memoryBytes)} memory, ${gib(freeMemoryBytes)} free`,
    ...gpus.map(
      ({ name, capability, driver, memoryBytes }) =>
        `GPU ${name}, ${gib(memoryBytes)}, compute capability ${capability.toFixed(1)}, driver ${driver}`,
    ),
    "",
    ...table(results),
    "",
    taken === null ? "No backend can train here." : `Workers train on ${taken} (--backend auto).`,
    ...advice.map((line) => `- ${line}`),
  ].join("\n");
}

function table(results: ProbeResults): readonly string[] {
  const rows = results.map(([name, result]) =>
    result.type === "works"
      ? [
          ...[name, "ok", result.figures.imagesPerSecond.toFixed(0), gib(result.figures.peakBytes)],
          `${result.figures.version}, ${result.figures.device}`,
        ]
      : [name, "no", "", "", result.reason],
  );
  const header = ["backend", "check", "img/s", "memory", ""];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (column === 4 ? 0 : (row[column] ?? "").length))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 2 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [header, ...rows].map(line);
}
