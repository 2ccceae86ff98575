import { expect, test } from "@jest/globals";
import { planRun, planText } from "../../cli/run/plan-text.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import { testSpace } from "../support/search-spaces.ts";

test("a plan tells of each stage what its updates wait for", () => {
  const spec = parseSpec({
    algorithm: { name: "fp-nas-archive" },
    evaluator: { tabular: { table: "t.json" } },
    stages: [
      { name: "fast", slots: "factorized", until: { rounds: 9 }, updateAfter: 4, inFlight: 20 },
      { name: "slow", slots: "factorized" },
    ],
    budget: { trials: 60 },
  });
  const space = testSpace(Array.from({ length: 6 }, () => ({ arms: 4 })));
  const text = planText(planRun({ spec, space, path: "", value: {}, files: new Map() }, 2));
  expect(text).toMatch(/fast +factorized +6 +20 +4 draws, 20 networks in flight +9 rounds/);
  expect(text).toMatch(/slow +factorized +6 +\d+ +all draws of a round +the budget ends/);
  expect(text).toContain("first K    20 draws");
});
