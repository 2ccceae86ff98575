import { describe, expect, test } from "@jest/globals";
import { algorithms } from "../../../coordinator/search/algorithm/registry.ts";
import { createSearch, describePlan, SearchSpecError } from "../../../coordinator/search/job.ts";
import type { SearchSpec } from "../../../coordinator/search/types.ts";
import { measured, runSearch } from "../../support/search-driver.ts";
import { macroTable, testSpace, testSpec } from "../../support/search-spaces.ts";
import { supernetSpace, supernetSpec } from "../../support/search-supernet.ts";

const stages = [
  { name: "coarse", slots: "factorized", until: { entropyBelow: 0.25 } },
  { name: "fine", slots: "block", until: {} },
] as const;

describe("a plan", () => {
  const { space, accuracyOf } = macroTable("stages");
  const budget = { trials: 400, wallMs: null };

  test("tells space, algorithm, first draws and stages", () => {
    const plan = describePlan(testSpec("fp-nas", { stages, budget, final: { random: 2, largest: true } }), space);
    expect(plan).toMatchObject({
      algorithm: "fp-nas",
      space: { name: "nas-bench-macro", choices: 8, size: "6561" },
      stages: [
        { name: "coarse", slots: "factorized", slotCount: 8, firstDraws: 24 },
        { name: "fine", slots: "block", slotCount: 3 },
      ],
      maxTrials: 400,
      finalTrials: 4,
    });
    expect(plan.space.entropy).toBeCloseTo(8 * Math.log(3), 12);
    expect(plan.stages[1]!.firstDraws).toBeGreaterThanOrEqual(4);
    expect(plan.stages[1]!.firstDraws).toBeLessThanOrEqual(6);
  });

  test.each(algorithms.map(({ name }) => name))(
    "of %s expects about the draws and trials that a real table then takes",
    (name) => {
      const spec = testSpec(name, { stages, budget });
      const { expectedDraws, expectedTrials } = describePlan(spec, space);
      const { state } = runSearch(createSearch(spec, space), 1, ({ arms }) => measured(accuracyOf(arms)));
      // A rough guide: the rehearsed landscape is additive, which reinforce finds twice as easy as the table.
      expect(expectedDraws / state.draws).toBeGreaterThan(0.4);
      expect(expectedDraws / state.draws).toBeLessThan(2.5);
      expect(expectedTrials / state.trials).toBeGreaterThan(0.4);
      expect(expectedTrials / state.trials).toBeLessThan(2.5);
    },
  );

  test("of a supernet tells the draws that follow its first weights, and counts the teacher among its final trainings", () => {
    const plan = describePlan(
      supernetSpec({ final: { random: 0, largest: false, teacher: "largest" } }),
      supernetSpace,
    );
    expect(plan.stages.map(({ firstDraws }) => firstDraws)).toEqual([4, 4, 4]);
    expect(plan.finalTrials).toBe(2);
  });

  test("counts spaces beyond 2^53 exactly, and never expects more trials than the budget", () => {
    const huge = testSpace(Array.from({ length: 70 }, () => ({ arms: 3 })));
    const plan = describePlan(testSpec("fp-nas", { budget: { trials: 50, wallMs: null } }), huge);
    expect(plan.space.size).toBe(String(3n ** 70n));
    expect(plan.expectedTrials).toBe(50);
  });
});

describe("a search that cannot be run", () => {
  const space = testSpace([
    { arms: 500, block: "wide" },
    { arms: 500, block: "wide" },
  ]);
  const mistakesOf = (spec: SearchSpec): readonly { readonly path: string; readonly message: string }[] => {
    try {
      createSearch(spec, space);
    } catch (error) {
      if (error instanceof SearchSpecError) return error.mistakes;
      throw error;
    }
    return [];
  };

  test.each<[string, SearchSpec, string, string]>([
    ["an unknown algorithm", testSpec("magic"), "algorithm.name", "fp-nas"],
    ["an unknown setting", testSpec("fp-nas", { settings: { lambada: 1 } }), "algorithm", "lambada"],
    ["a setting out of range", testSpec("fp-nas", { settings: { kMin: 1 } }), "algorithm.kMin", "2"],
    [
      "settings that contradict each other",
      testSpec("fp-nas", { settings: { kMin: 9, kMax: 8 } }),
      "algorithm.kMax",
      "kMin",
    ],
    ["no stage", testSpec("fp-nas", { stages: [] }), "stages", "one stage"],
    ["a joint slot too large to hold", testSpec("fp-nas", { stages }), "stages[1].slots", "250000 joint arms"],
    [
      "a way back to factorized slots",
      testSpec("fp-nas", { stages: [...stages].reverse() }),
      "stages[1].slots",
      "cannot follow",
    ],
    ["a target where no cost is known", testSpec("fp-nas", { cost: { macs: 1, beta: 0.3 } }), "cost.macs", "no MACs"],
  ])("is refused with its path: %s", (_, spec, path, words) => {
    const mistake = mistakesOf(spec).find((each) => each.path === path);
    expect(mistake?.message).toContain(words);
  });

  test("is told every mistake at once", () => {
    const spec = testSpec("fp-nas", { settings: { kMin: 0 }, stages, cost: { macs: 1, beta: 0.3 } });
    expect(mistakesOf(spec).map(({ path }) => path)).toEqual(["algorithm.kMin", "stages[1].slots", "cost.macs"]);
  });
});
