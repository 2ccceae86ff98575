import { describe, expect, test } from "@jest/globals";
import { uniformDistribution } from "../../../coordinator/search/distribution.ts";
import { expectedCost } from "../../../coordinator/search/expected-cost.ts";
import { createSearch } from "../../../coordinator/search/job.ts";
import { excesses, hinge } from "../../../coordinator/search/reward.ts";
import { measured, runSearch } from "../../support/search-driver.ts";
import { allSamples, testSpace, testSpec } from "../../support/search-spaces.ts";

const choices = [{ arms: 3 }, { arms: 4 }, { arms: 3 }];
const space = testSpace(choices, (arms) => 100 + arms.reduce((sum, arm, choice) => sum + arm * 10 ** choice, 0));
const macsOf = (arms: readonly number[]) => space.cost(arms)?.macs ?? NaN;

describe("the expected cost", () => {
  const samples = allSamples(space);
  const exact = samples.reduce((sum, arms) => sum + macsOf(arms), 0) / samples.length;
  const uniform = uniformDistribution(space.choices);

  test("is the mean under the distribution, within its standard error, and the same for the same seed", () => {
    const errors = Array.from({ length: 40 }, (_, seed) => {
      const { macs } = expectedCost(uniform, space, seed);
      return ((macs?.mean ?? NaN) - exact) / (macs?.standardError ?? NaN);
    });
    expect(errors.filter((error) => Math.abs(error) < 2).length).toBeGreaterThanOrEqual(34);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(4);
    expect(expectedCost(uniform, space, 3)).toEqual(expectedCost(uniform, space, 3));
    expect(expectedCost(uniform, space, 3)).not.toEqual(expectedCost(uniform, space, 4));
  });

  test("leaves out samples of unknown cost, and is null where no figure is known", () => {
    const holed = { ...space, cost: (arms: readonly number[]) => (arms[0] === 0 ? undefined : space.cost(arms)) };
    const { macs } = expectedCost(uniform, holed, 1);
    expect(macs?.samples).toBeGreaterThan(600);
    expect(macs?.samples).toBeLessThan(730);
    expect(macs?.mean).toBeGreaterThan(exact);
    const paramsOnly = { ...space, cost: () => ({ params: 7 }) };
    expect(expectedCost(uniform, paramsOnly, 1)).toEqual({
      macs: null,
      params: { mean: 7, standardError: 0, samples: 1000 },
    });
  });
});

describe("two cost targets", () => {
  // Params rise with the first choice, MACs with the others: neither target implies the other.
  const opposed = {
    ...space,
    cost: (arms: readonly number[]) => ({ macs: 100 + 10 * (arms[1]! + arms[2]!), params: 50 + 10 * arms[0]! }),
  };
  const accuracyOf = (arms: readonly number[]) => 0.5 + arms.reduce((sum, arm) => sum + arm, 0) / 40;
  const search = (cost: { macs: number; params: number }, algorithm = "random") =>
    runSearch(
      createSearch(
        testSpec(algorithm, { cost: { ...cost, beta: 0.3 }, budget: { trials: 36, wallMs: null } }),
        opposed,
      ),
      4,
      ({ arms }) => measured(accuracyOf(arms)),
    );

  test("have their hinges added, and are told apart in the excess", () => {
    const cost = { macs: 150, params: 60 };
    expect(hinge(cost, { macs: 100, params: 50, beta: 0.3 })).toBeCloseTo(0.5 + 0.2, 12);
    expect(excesses(cost, { macs: 100, params: 50, beta: 0.3 })).toEqual({ macs: 0.5, params: 60 / 50 - 1 });
    expect(excesses({ macs: 150 }, { macs: 200, params: 50, beta: 0.3 })).toEqual({ macs: 0, params: null });
    expect(excesses(cost, { params: 50, beta: 0.3 })).toEqual({ params: 60 / 50 - 1 });
  });

  test.each(["random", "fp-nas-plus"])("the answer of %s is the best that meets both", (algorithm) => {
    const { outcome } = search({ macs: 120, params: 60 }, algorithm);
    if (outcome.type !== "succeeded") throw new Error(outcome.type);
    const { arms } = outcome.result.answer;
    expect([arms[0], arms[1]! + arms[2]!]).toEqual([1, 2]);
    expect(outcome.result.excess).toEqual({ macs: 0, params: 0 });
  });

  test("that no network meets give the lowest sum of hinges, and by how much each is exceeded", () => {
    const { outcome } = search({ macs: 80, params: 40 });
    if (outcome.type !== "succeeded") throw new Error(outcome.type);
    expect(outcome.result.answer.arms).toEqual([0, 0, 0]);
    expect(outcome.result.excess).toEqual({ macs: 100 / 80 - 1, params: 50 / 40 - 1 });
  });

  test("are no part of the front, which holds every measured network that none beats", () => {
    const { outcome } = search({ macs: 80, params: 40 });
    if (outcome.type !== "succeeded") throw new Error(outcome.type);
    const front = outcome.result.pareto;
    expect(front.map(({ macs }) => macs)).toEqual([100, 110, 120, 130, 140, 150]);
    for (const { arms, measurement } of front) {
      expect(arms[0]).toBe(2);
      expect(measurement.accuracy).toBe(accuracyOf(arms));
    }
    expect(runSearch(createSearch(testSpec("random"), space), 4, () => measured(0.5)).outcome).toMatchObject({
      result: { excess: null },
    });
  });
});
