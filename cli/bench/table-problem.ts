import { createHash } from "node:crypto";
import { hinge } from "../../coordinator/search/reward.ts";
import { uniformIndex } from "../../coordinator/search/rng.ts";
import { tableSpace } from "../../coordinator/search/space/table-space.ts";
import type { CostSpec } from "../../coordinator/search/types.ts";
import { InputError } from "../../network/errors.ts";
import { parseTable, tableRow } from "../../network/table.ts";
import type { BenchProblem } from "./problem.ts";

/**
 * The problem of a table: its listed networks that meet the targets are the whole space that answers are ranked in. Top 1% is what fewer than 1% of them beat strictly, so equal accuracies rank alike. Throws TableError, and InputError with
 * paths of a job spec where the targets cannot be met.
 */
export function tableProblem(bytes: Uint8Array, cost: CostSpec | null): BenchProblem {
  const table = parseTable(new TextDecoder().decode(bytes));
  const space = tableSpace(table, createHash("sha256").update(bytes).digest("hex"));
  const unknown = (["macs", "params"] as const).filter(
    (figure) => cost?.[figure] !== undefined && !space.knows(figure),
  );
  if (unknown.length > 0)
    throw new InputError(
      unknown.map((figure) => ({
        path: `cost.${figure}`,
        message: `Table ${table.name} tells none, so a target cannot be kept.`,
      })),
    );
  const rows = [...table.rows.values()];
  const eligible = rows.filter((row) => hinge(row, cost) === 0);
  const ranked = eligible.map(({ accuracy }) => accuracy).sort((left, right) => right - left);
  const [optimum] = ranked;
  if (optimum === undefined)
    throw new InputError([{ path: "cost", message: `No network of table ${table.name} meets the targets.` }]);
  return {
    name: table.name,
    space,
    cost,
    optimum,
    levels: { top1: topLevel(ranked, 0.01), top01: topLevel(ranked, 0.001) },
    randomNetwork: (rng) => rows[uniformIndex(rng, rows.length)]?.arms ?? [],
    trueAccuracy: (arms) => tableRow(table, arms)?.accuracy,
  };
}

/** The lowest of the values (sorted, best first) that fewer than `share` of them beat strictly. */
export function topLevel(ranked: readonly number[], share: number): number {
  // Of equal values the first tells how many are better.
  const last = ranked.findLastIndex((value, place) => place < share * ranked.length && value !== ranked[place - 1]);
  return ranked[last] ?? -Infinity;
}
