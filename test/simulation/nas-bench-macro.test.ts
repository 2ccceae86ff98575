import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { benchSpec, type BenchSettings } from "../../cli/bench/bench-spec.ts";
import { simulation } from "../../cli/bench/simulate.ts";
import { tableProblem } from "../../cli/bench/table-problem.ts";
import { createSearch } from "../../coordinator/search/job.ts";
import { measured, runSearch } from "../support/search-driver.ts";
import { macroTable, testSpec } from "../support/search-spaces.ts";

const stages = [
  { name: "coarse", slots: "factorized", until: { entropyBelow: 0.25 } },
  { name: "fine", slots: "block", until: {} },
] as const;

/** Runs one search for each seed and returns what each found, with the share of the 6,561 networks that are strictly better. */
function runSeeds(
  algorithm: string,
  blocks: "stages" | "choices",
  seeds: number,
  cost: { macs: number; beta: number } | null = null,
) {
  const { space, accuracyOf, shareBetter } = macroTable(blocks);
  const search = createSearch(testSpec(algorithm, { stages, cost, budget: { trials: 400, wallMs: null } }), space);
  return Array.from({ length: seeds }, (_, seed) => {
    const { outcome, state } = runSearch(search, 1000 + seed, ({ arms }) => measured(accuracyOf(arms)));
    if (outcome.type !== "succeeded") throw new Error(outcome.type);
    const { mode, answer, draws, trials } = outcome.result;
    return {
      mode: shareBetter(mode.arms),
      answer: shareBetter(answer.arms),
      answerAccuracy: answer.measurement.accuracy,
      answerMacs: space.cost(answer.arms)?.macs ?? NaN,
      entropyLeft: (state.endedStages.at(-1)?.entropyEnd ?? NaN) / state.entropyStart,
      draws,
      trials,
    };
  });
}

describe.each(["choices", "stages"] as const)("fp-nas on NAS-Bench-Macro, blocks by %s", (blocks) => {
  test("ends with its mode and its answer in the top 1% within 400 trials, on 40 seeds of 40", () => {
    for (const run of runSeeds("fp-nas", blocks, 40)) {
      expect(run.mode).toBeLessThan(0.01);
      expect(run.answer).toBeLessThan(0.01);
      expect(run.trials).toBeLessThanOrEqual(400);
      expect(run.entropyLeft).toBeLessThan(0.25);
    }
  });
});

test("adaptive rounds take under half the draws of a fixed K of 16 to a mode of the same quality", () => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [adaptive, fixed] = ["fp-nas", "parsec"].map((algorithm) => runSeeds(algorithm, "choices", 20));
  expect(mean(adaptive!.map(({ draws }) => draws))).toBeLessThan(0.5 * mean(fixed!.map(({ draws }) => draws)));
  expect(mean(adaptive!.map(({ mode }) => mode))).toBeLessThan(0.003);
});

test("random search finds no mode, and a worse answer than fp-nas", () => {
  const better = runSeeds("fp-nas", "choices", 10).map(({ answer }) => answer);
  const random = runSeeds("random", "choices", 10).map(({ answer }) => answer);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  expect(sum(better)).toBeLessThan(sum(random));
});

test.each([
  [30e6, 0.89383],
  [50e6, 0.92167],
  [70e6, 0.92943],
])("under a target of %d MACs the answer meets it, within a point of the best network that does", (macs, optimum) => {
  for (const run of runSeeds("fp-nas", "choices", 5, { macs, beta: 0.3 })) {
    expect(run.answerMacs).toBeLessThanOrEqual(macs);
    expect(run.answerAccuracy).toBeGreaterThan(optimum - 0.01);
  }
});

/** Simulates seeds of an algorithm with its defaults. */
function simulateSeeds(algorithm: string, changes: Pick<BenchSettings, "seeds" | "workers" | "maxDraws">) {
  const settings = { ...changes, stages: "factorized" } as const;
  const table = tableProblem(readFileSync("data/nas-bench-macro/table.json"), null);
  const spec = benchSpec({ name: algorithm, settings: {} }, null, settings);
  const run = simulation(spec, table, { ...settings, noise: 0, nowMs: () => 0 });
  return Array.from({ length: settings.seeds }, (_, seed) => run(seed));
}

test("64 workers are busy with fp-nas-plus, which has drawn a network of the top 0.1% within 110 draws on half of 20 seeds", () => {
  const records = simulateSeeds("fp-nas-plus", { seeds: 20, workers: 64, maxDraws: 130 });
  expect(records.filter(({ bestTop01 }) => (bestTop01 ?? Infinity) <= 110).length).toBeGreaterThanOrEqual(10);
  for (const { busy } of records) expect(busy).toBeGreaterThan(0.95);
});

test.each([
  ["fp-nas-plus", 30],
  ["local-search", 40],
  ["fp-nas-archive", 62],
  ["regularized-evolution", 90],
])("%s has drawn a network of the top 0.1%% within %d draws on half of 40 seeds", (algorithm, most) => {
  const draws = simulateSeeds(algorithm, { seeds: 40, workers: 1, maxDraws: 100 }).map(
    ({ bestTop01 }) => bestTop01 ?? Infinity,
  );
  expect(draws.filter((count) => count <= most).length).toBeGreaterThanOrEqual(20);
});

test.each([
  [30e6, 0.89383],
  [50e6, 0.92167],
  [70e6, 0.92943],
])(
  "fp-nas-plus meets a target of %d MACs with 60 trials, within a point of the best network that does",
  (macs, best) => {
    const { space, accuracyOf } = macroTable();
    const spec = testSpec("fp-nas-plus", { cost: { macs, beta: 0.3 }, budget: { trials: 60, wallMs: null } });
    const search = createSearch(spec, space);
    for (let seed = 0; seed < 10; seed++) {
      const { outcome } = runSearch(search, seed, ({ arms }) => measured(accuracyOf(arms)));
      if (outcome.type !== "succeeded") throw new Error(outcome.type);
      expect(space.cost(outcome.result.answer.arms)?.macs).toBeLessThanOrEqual(macs);
      expect(outcome.result.answer.measurement.accuracy).toBeGreaterThan(best - 0.01);
    }
  },
);
