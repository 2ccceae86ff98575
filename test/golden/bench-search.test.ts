import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { benchRow } from "../../cli/bench/bench-row.ts";
import { benchCsv } from "../../cli/bench/report-csv.ts";
import { benchSvg } from "../../cli/bench/report-svg.ts";
import { benchText } from "../../cli/bench/report-text.ts";
import type { BenchRun } from "../../cli/bench/run-bench.ts";
import type { SeedRecord } from "../../cli/bench/seed-record.ts";
import { ladderProblem, ladderTable } from "../support/bench-problems.ts";
import { useFolder } from "../support/cli-files.ts";
import { runCli } from "../support/cli-process.ts";

const folder = useFolder();
const maxDraws = 40;
const settings = { workers: 8, maxDraws };

function golden(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), "utf8");
}

/** A search that found the top at this draw, and has as many thousandths of regret as draws are left until then. */
function record(seed: number, found: number): SeedRecord {
  const draw = found <= maxDraws ? found : null;
  return {
    seed,
    bestTop1: Math.min(found, 10),
    bestTop01: draw,
    modeTop1: draw,
    modeTop01: null,
    uniqueTop01: draw === null ? null : draw - 1,
    isSolved: draw !== null,
    isFeasible: true,
    regrets: Float64Array.from({ length: maxDraws }, (_, place) =>
      place === 0 ? Infinity : Math.max(0, found - place - 1) / 1000,
    ),
    busy: 0.75,
    stepMs: 0.5 + seed,
  };
}

const problem = ladderProblem({ macs: 900, beta: 0.3 });
const runs: readonly BenchRun[] = [
  { problem, algorithm: "fp-nas", records: [20, 30, 50, 60].map((found, seed) => record(seed, found)) },
  { problem, algorithm: 'odd,"name"<&', records: [5, 6, 7, 8].map((found, seed) => record(seed, found)) },
];

test("the CSV file is this one", () => expect(benchCsv(runs, settings)).toBe(golden("bench-search.csv")));

test("the SVG file is this one", () => expect(benchSvg(runs, maxDraws)).toBe(golden("bench-search.svg")));

test("the table for people is this one", () => {
  const rows = runs.map(({ algorithm, records }) => benchRow("ladder", algorithm, settings, records));
  expect(`${benchText(problem, rows)}\n`).toBe(golden("bench-search.txt"));
});

test("--json prints this, whatever the number of cores, but for the time of a step", async () => {
  writeFileSync(join(folder.path, "ladder.json"), ladderTable());
  const args = ["--table", "ladder.json", "--algorithms", "fp-nas,random:k=4", "--seeds", "9", "--max-draws", "60"];
  const { code, stdout } = await runCli(["bench", "search", ...args, "--json"], folder.path);
  expect(code).toBe(0);
  const rows = JSON.parse(stdout, (key, value: unknown) => {
    if (key === "stepMs") return typeof value;
    return typeof value === "number" ? Number(value.toPrecision(12)) : value;
  }) as unknown;
  expect(rows).toEqual(JSON.parse(golden("bench-search.json")));
});
