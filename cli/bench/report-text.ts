import { spaceLogSize } from "../../coordinator/search/space/size.ts";
import { formatCount, formatTable, formatWorkers } from "../format.ts";
import type { BenchRow, Quartiles } from "./bench-row.ts";
import type { BenchProblem } from "./problem.ts";

/** The rows of one problem as a table for people. */
export function benchText({ name, space, cost }: BenchProblem, rows: readonly BenchRow[]): string {
  const [first] = rows;
  const head = ["algorithm", "best top 1%", "0.1%", "unique", "mode top 1%", "0.1%", "unsolved"];
  const cells = rows.map((row) => [
    row.algorithm,
    ...[row.bestTop1, row.bestTop01, row.uniqueTop01, row.modeTop1, row.modeTop01].map(quartileText),
    shareText(row.unsolved),
    ...(cost === null ? [] : [shareText(row.feasible)]),
    ...Object.values(row.regretAfter).slice(-3).map(regretText),
    row.busy === null ? "-" : row.busy.toFixed(2),
    row.stepMs === null ? "-" : row.stepMs.toFixed(2),
  ]);
  const after = Object.keys(first?.regretAfter ?? {})
    .slice(-3)
    .map((draws) => `regret@${draws}`);
  return [
    `${name}: ${space.choices.length} choices, ${spaceLogSize(space).toFixed(1)} nats, ${String(first?.seeds ?? 0)} seeds, ${formatWorkers(first?.workers ?? 0)}${targetText(cost)}`,
    "Draws as 25%/50%/75% over the seeds, - past the cap; regret in points of accuracy, median.",
    formatTable([[...head, ...(cost === null ? [] : ["feasible"]), ...after, "busy", "ms a step"], ...cells]),
  ].join("\n");
}

function targetText(cost: BenchProblem["cost"]): string {
  if (cost === null) return "";
  const { macs, params } = cost;
  const targets = [
    ...(macs === undefined ? [] : [`${formatCount(macs)} MACs`]),
    ...(params === undefined ? [] : [`${formatCount(params)} params`]),
  ];
  return `, at most ${targets.join(" and ")}`;
}

function quartileText(quartiles: Quartiles): string {
  return quartiles.map((value) => (value === null ? "-" : String(Math.round(value)))).join("/");
}

function shareText(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

function regretText(regret: number | null): string {
  return regret === null ? "-" : regret.toFixed(3);
}
