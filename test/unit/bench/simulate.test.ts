import { describe, expect, test } from "@jest/globals";
import { benchSpec, type BenchSettings } from "../../../cli/bench/bench-spec.ts";
import type { BenchProblem } from "../../../cli/bench/problem.ts";
import { taskRunner } from "../../../cli/bench/seed-tasks.ts";
import { simulation } from "../../../cli/bench/simulate.ts";
import { tableProblem } from "../../../cli/bench/table-problem.ts";
import { algorithms } from "../../../coordinator/search/algorithm/registry.ts";
import { ladderProblem, ladderTable } from "../../support/bench-problems.ts";

const settings: BenchSettings = { seeds: 1, workers: 1, maxDraws: 60, stages: "factorized" };

function simulate(name: string, problem: BenchProblem, changes: Partial<BenchSettings> = {}, noise = 0) {
  const all = { ...settings, ...changes };
  const spec = benchSpec({ name, settings: {} }, problem.cost, all);
  return simulation(spec, problem, { workers: all.workers, maxDraws: all.maxDraws, noise, nowMs: () => 0 });
}

describe.each(algorithms.map(({ name }) => name))("%s in virtual time", (name) => {
  test("comes to the same with the same seed, and has as many regrets as draws are allowed", () => {
    const run = simulate(name, ladderProblem());
    expect(run(3)).toEqual(run(3));
    expect(run(3).regrets).toHaveLength(60);
  });

  test("never has a regret that rises where rewards are exact", () => {
    const { regrets } = simulate(name, ladderProblem())(1);
    for (const [draw, regret] of regrets.entries()) expect(regret).toBeLessThanOrEqual(regrets[draw - 1] ?? Infinity);
  });

  test("goes on to the cap with many workers, with infeasible networks and with noise", () => {
    const holes = tableProblem(
      ladderTable("holes", (arms) => (arms[0] ?? 0) + (arms[1] ?? 0) !== 2),
      { macs: 900, beta: 0.3 },
    );
    const { isFeasible, busy } = simulate(name, holes, { workers: 8 }, 0.02)(2);
    expect(isFeasible).toBe(true);
    expect(busy).toBeGreaterThan(0);
    expect(busy).toBeLessThanOrEqual(1);
  });
});

test.each(algorithms.map(({ name }) => name))("64 workers are busy with %s, and come to the same again", (name) => {
  const run = simulate(name, ladderProblem(), { workers: 64, maxDraws: 400 });
  const record = run(5);
  expect(record.busy).toBeGreaterThan(0.95);
  expect(run(5)).toEqual(record);
});

test("one worker is always busy", () => {
  expect(simulate("fp-nas", ladderProblem())(0).busy).toBe(1);
});

test("coarse and fine stages lead to the top too", () => {
  expect(simulate("fp-nas-archive", ladderProblem(), { stages: "coarse-fine", maxDraws: 200 })(0).isSolved).toBe(true);
});

test("the time of a step is what the stopwatch says of the core between a round's last outcome and the next trials", () => {
  let ticks = 0;
  const problem = ladderProblem();
  const spec = benchSpec({ name: "random", settings: { k: 4 } }, null, settings);
  const run = simulation(spec, problem, { workers: 1, maxDraws: 60, noise: 0, nowMs: () => ticks++ });
  // Two steps of the core, the outcome's and the lookup's, of one tick each.
  expect(run(0).stepMs).toBe(2);
});

test("tasks yield what the seeds yield one by one", () => {
  const run = taskRunner([{ type: "table", bytes: ladderTable(), cost: null }], settings, () => 0);
  const algorithm = { label: "fp-nas", spec: { name: "fp-nas", settings: {} } };
  const whole = run({ problem: 0, algorithm, noise: 0, firstSeed: 0, seeds: 4 });
  const halves = [0, 2].flatMap((firstSeed) => run({ problem: 0, algorithm, noise: 0, firstSeed, seeds: 2 }));
  expect(halves).toEqual(whole);
});
