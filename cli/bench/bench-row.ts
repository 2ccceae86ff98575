import { median, quantile } from "../../coordinator/search/quantile.ts";
import type { SeedRecord } from "./seed-record.ts";

/** 25%, 50% and 75% quantiles over the seeds; null where so many seeds did not get there within the cap. */
export type Quartiles = readonly [number | null, number | null, number | null];

/** What `--json` prints of an algorithm on a problem (docs/search-quality.md). Draws are counted from 1. */
export interface BenchRow {
  /** Name of the table or landscape. */
  readonly table: string;
  readonly algorithm: string;
  readonly seeds: number;
  readonly workers: number;
  readonly maxDraws: number;
  readonly bestTop1: Quartiles;
  readonly bestTop01: Quartiles;
  readonly modeTop1: Quartiles;
  readonly modeTop01: Quartiles;
  readonly uniqueTop01: Quartiles;
  /** Share of seeds whose best at the cap is not in the top 0.1%. */
  readonly unsolved: number;
  /** Share of seeds whose best at the cap meets the cost targets. */
  readonly feasible: number;
  /** Median over the seeds of optimum - best so far, in points of accuracy (percent), after so many draws; null where there is none. */
  readonly regretAfter: Readonly<Record<string, number | null>>;
  /** Median over the seeds of the share of the workers' time that was spent on trials; null where it is not known. */
  readonly busy: number | null;
  /** Median time of a step of the core, ms. */
  readonly stepMs: number | null;
}

/** Sums up the searches of one algorithm on one problem. */
export function benchRow(
  table: string,
  algorithm: string,
  { workers, maxDraws }: { readonly workers: number; readonly maxDraws: number },
  records: readonly SeedRecord[],
): BenchRow {
  const quartiles = (draws: (record: SeedRecord) => number | null): Quartiles => {
    const values = records.map((record) => draws(record) ?? Infinity);
    return [finite(quantile(values, 0.25)), finite(median(values)), finite(quantile(values, 0.75))];
  };
  const shareOf = (holds: (record: SeedRecord) => boolean): number => records.filter(holds).length / records.length;
  return {
    table,
    algorithm,
    seeds: records.length,
    workers,
    maxDraws,
    bestTop1: quartiles(({ bestTop1 }) => bestTop1),
    bestTop01: quartiles(({ bestTop01 }) => bestTop01),
    modeTop1: quartiles(({ modeTop1 }) => modeTop1),
    modeTop01: quartiles(({ modeTop01 }) => modeTop01),
    uniqueTop01: quartiles(({ uniqueTop01 }) => uniqueTop01),
    unsolved: shareOf(({ isSolved }) => !isSolved),
    feasible: shareOf(({ isFeasible }) => isFeasible),
    regretAfter: Object.fromEntries(
      checkpoints(maxDraws).map((draws) => [draws, finite(regretQuantile(records, draws, 0.5))]),
    ),
    busy: finite(median(records.flatMap(({ busy }) => (busy === null ? [] : [busy])))),
    stepMs: finite(median(records.flatMap(({ stepMs }) => (Number.isFinite(stepMs) ? [stepMs] : [])))),
  };
}

/** Quantile over the seeds of the regret after so many draws (from 1), in points of accuracy; Infinity where there is none yet. */
export function regretQuantile(records: readonly SeedRecord[], draws: number, share: number): number {
  return quantile(
    records.map(({ regrets }) => 100 * (regrets[draws - 1] ?? Infinity)),
    share,
  );
}

/** 10, 20, 50, 100, .. below the cap, and the cap. */
export function checkpoints(maxDraws: number): readonly number[] {
  const steps: number[] = [];
  for (let decade = 10; decade < maxDraws; decade *= 10) steps.push(decade, 2 * decade, 5 * decade);
  return [...steps.filter((draws) => draws < maxDraws), maxDraws];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
