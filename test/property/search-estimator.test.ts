import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { logProbability, type Distribution } from "../../coordinator/search/distribution.ts";
import { logitGradient } from "../../coordinator/search/estimator/gradient.ts";
import { estimators } from "../../coordinator/search/estimator/registry.ts";
import { mergeSlots } from "../../coordinator/search/merge-slots.ts";
import { allSamples, testSpace } from "../support/search-spaces.ts";

const space = testSpace([
  { arms: 2, block: "a" },
  { arms: 3, block: "a" },
]);
const samples = allSamples(space);
const logit = fc.double({ min: -3, max: 3, noNaN: true });
const factorized: fc.Arbitrary<Distribution> = fc
  .tuple(fc.array(logit, { minLength: 2, maxLength: 2 }), fc.array(logit, { minLength: 3, maxLength: 3 }))
  .map(([first, second]) => ({
    slots: [
      { choices: [0], sizes: [2], logits: first },
      { choices: [1], sizes: [3], logits: second },
    ],
  }));
const distribution = fc
  .tuple(factorized, fc.boolean())
  .map(([coarse, merge]) => (merge ? mergeSlots(coarse, space.choices) : coarse));
const perSample = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });

function withLogit(from: Distribution, slot: number, arm: number, change: number): Distribution {
  const slots = from.slots.map((each, index) =>
    index === slot ? { ...each, logits: each.logits.with(arm, each.logits[arm]! + change) } : each,
  );
  return { slots };
}

/** Central difference of a function of the distribution, for each logit. */
function numericGradient(from: Distribution, value: (at: Distribution) => number): number[][] {
  const step = 1e-5;
  return from.slots.map(({ logits }, slot) =>
    logits.map(
      (_, arm) => (value(withLogit(from, slot, arm, step)) - value(withLogit(from, slot, arm, -step))) / (2 * step),
    ),
  );
}

function expectClose(
  actual: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  digits: number,
): void {
  expected.forEach((row, slot) => row.forEach((value, arm) => expect(actual[slot]![arm]).toBeCloseTo(value, digits)));
}

describe("the gradient on logits", () => {
  test("is that of the weighted log-probabilities", () => {
    fc.assert(
      fc.property(distribution, perSample, (at, multipliers) => {
        const draws = samples.map((arms, index) => ({ arms, multiplier: multipliers[index]! - 0.3 }));
        const numeric = numericGradient(at, (near) =>
          draws.reduce((sum, { arms, multiplier }) => sum - multiplier * logProbability(near, arms), 0),
        );
        expectClose(logitGradient(at, draws), numeric, 6);
      }),
    );
  });

  test("with every sample at its exact weight is the gradient of -ln E[likelihood]: no bias but that of sampling", () => {
    fc.assert(
      fc.property(distribution, perSample, (at, logLikelihoods) => {
        const likelihood = (near: Distribution) =>
          samples.reduce((sum, arms, index) => sum + Math.exp(logProbability(near, arms) + logLikelihoods[index]!), 0);
        const draws = samples.map((arms, index) => ({
          arms,
          multiplier: Math.exp(logProbability(at, arms) + logLikelihoods[index]!) / likelihood(at),
        }));
        expectClose(
          logitGradient(at, draws),
          numericGradient(at, (near) => -Math.log(likelihood(near))),
          6,
        );
      }),
    );
  });

  test("counts a network as often as it was drawn", () => {
    fc.assert(
      fc.property(distribution, fc.double({ min: 0.1, max: 1, noNaN: true }), (at, multiplier) => {
        const arms = [1, 2];
        const twice = logitGradient(at, [
          { arms, multiplier },
          { arms, multiplier },
        ]);
        expectClose(twice, logitGradient(at, [{ arms, multiplier: 2 * multiplier }]), 12);
      }),
    );
  });
});

const settings = { temperature: 1000, beta: 0.3 };

describe.each(Object.values(estimators))("estimator $name", (estimator) => {
  const scores = fc.array(
    fc.record({
      merit: fc.double({ min: 0, max: 1, noNaN: true }),
      hinge: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5, noNaN: true })),
    }),
    { minLength: 1, maxLength: 20 },
  );
  test("gives every score a finite multiplier, whatever the scores", () => {
    fc.assert(
      fc.property(scores, (given) => {
        const multipliers = estimator.multipliers(given, settings);
        expect(multipliers).toHaveLength(given.length);
        for (const multiplier of multipliers) expect(Number.isFinite(multiplier)).toBe(true);
      }),
    );
  });

  test("sums to 1, to 1 - beta where the published cost term counts, and to 0 when centred", () => {
    fc.assert(
      fc.property(scores, (given) => {
        const sum = estimator.multipliers(given, settings).reduce((total, each) => total + each, 0);
        const isOver = given.some(({ hinge }) => hinge > 0);
        const expected = { published: isOver ? 0.7 : 1, uncentred: 1, centred: 0 }[
          estimator.name as keyof typeof estimators
        ];
        expect(sum).toBeCloseTo(expected, 9);
      }),
    );
  });

  test("prefers the cheaper of two equally accurate draws where one exceeds the target", () => {
    const [cheap, dear] = estimator.multipliers(
      [
        { merit: 0.9, hinge: 0 },
        { merit: 0.9, hinge: 0.01 },
      ],
      settings,
    );
    expect(cheap).toBeGreaterThan(dear!);
  });
});

describe("centred weights", () => {
  test("move nothing where all draws score alike", () => {
    const scores = [1, 1, 1, 1].map((merit) => ({ merit, hinge: 0 }));
    expect(estimators.centred.multipliers(scores, settings)).toEqual([0, 0, 0, 0]);
  });
});
