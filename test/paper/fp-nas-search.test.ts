import { describe, expect, test } from "@jest/globals";
import { entropy, logProbability, sampler, uniformDistribution } from "../../coordinator/search/distribution.ts";
import { logitGradient } from "../../coordinator/search/estimator/gradient.ts";
import { estimators } from "../../coordinator/search/estimator/registry.ts";
import { mergeSlots } from "../../coordinator/search/merge-slots.ts";
import { namedStream } from "../../coordinator/search/rng.ts";
import { lambdaOf, sampleCount, type SampleCountSettings } from "../../coordinator/search/sample-count.ts";
import type { Choice } from "../../coordinator/search/space/space.ts";
import { testSpace } from "../support/search-spaces.ts";

/** FBNetV2-F as printed (arXiv 2011.10949, table 1): kernel 3, nonlinearity 2, SE or splits, expansion, channels of each group. */
function fbnetV2F(gates: 2 | 4): readonly Choice[] {
  const channels = [2, 3, 3, 4, 4, 5, 5, 6, 10, 10];
  return testSpace(
    channels.flatMap((count, group) =>
      [3, 2, gates, ...(group === 0 ? [] : [6]), count].map((arms) => ({ arms, block: `group${group}` })),
    ),
  ).choices;
}

const sizeOf = (distribution: ReturnType<typeof uniformDistribution>) =>
  distribution.slots.reduce((sum, slot) => sum + slot.logits.length, 0);

const published: SampleCountSettings = { lambda: 0.25, k0: 24, kMin: 2, kMax: 64 };

describe("FP-NAS, sizes and first rounds", () => {
  test("a group of [3, 2, 2, 6, 10] choices has 720 joint and 23 factorized parameters", () => {
    const { choices } = testSpace([3, 2, 2, 6, 10].map((arms) => ({ arms, block: "group" })));
    const factorized = uniformDistribution(choices);
    expect([sizeOf(mergeSlots(factorized, choices)), sizeOf(factorized)]).toEqual([720, 23]);
  });

  test("FBNetV2-F has 3624 joint and 176 factorized parameters, FBNetV2-F++ 7248 and 196", () => {
    const sizes = ([2, 4] as const).map((gates) => {
      const choices = fbnetV2F(gates);
      const factorized = uniformDistribution(choices);
      return [sizeOf(mergeSlots(factorized, choices)), sizeOf(factorized)];
    });
    expect(sizes).toEqual([
      [3624, 176],
      [7248, 196],
    ]);
  });

  test("FBNetV2-F begins with 56.253668 nats and, with a quarter of a draw a nat, 14 draws; F++ with 63.185 and 15", () => {
    const choices = fbnetV2F(2);
    const factorized = uniformDistribution(choices);
    const nats = entropy(factorized);
    expect(nats).toBeCloseTo(56.253668, 6);
    expect(Math.abs(entropy(mergeSlots(factorized, choices)) - nats)).toBeLessThan(1e-12);
    expect(sampleCount(published, lambdaOf(published, nats), nats)).toBe(14);
    const more = entropy(uniformDistribution(fbnetV2F(4)));
    expect(more).toBeCloseTo(63.185, 3);
    expect(sampleCount(published, lambdaOf(published, more), more)).toBe(15);
  });
});

describe("FP-NAS, eq. 7", () => {
  const scores = [
    { merit: -1, hinge: 0.2 },
    { merit: -2, hinge: 0 },
    { merit: -1.5, hinge: 0.5 },
  ];

  test("three draws of known likelihood and cost get the published multipliers", () => {
    const multipliers = estimators.published.multipliers(scores, { temperature: 1, beta: 0.3 });
    const weights = estimators.published.multipliers(scores, { temperature: 1, beta: 0 });
    [0.50648, 0.186324, 0.307196].forEach((weight, draw) => expect(weights[draw]).toBeCloseTo(weight, 6));
    [0.420766, 0.186324, 0.09291].forEach((multiplier, draw) => expect(multipliers[draw]).toBeCloseTo(multiplier, 6));
    expect(multipliers.reduce((sum, multiplier) => sum + multiplier, 0)).toBeCloseTo(0.7, 12);
  });

  test("their gradient on two logits is the closed form's", () => {
    const multipliers = estimators.published.multipliers(scores, { temperature: 1, beta: 0.3 });
    const distribution = { slots: [{ choices: [0], sizes: [2], logits: [0.3, -0.1] }] };
    const draws = [0, 1, 1].map((arm, draw) => ({ arms: [arm], multiplier: multipliers[draw]! }));
    const [gradient] = logitGradient(distribution, draws);
    expect(gradient![0]).toBeCloseTo(-0.001685, 6);
    expect(gradient![1]).toBeCloseTo(0.001685, 6);
  });

  test("the cost term is 0 where no draw exceeds the target", () => {
    const free = scores.map(({ merit }) => ({ merit, hinge: 0 }));
    const withBeta = estimators.published.multipliers(free, { temperature: 1, beta: 0.3 });
    expect(withBeta).toEqual(estimators.published.multipliers(free, { temperature: 1, beta: 0 }));
  });
});

describe("FP-NAS, coarse to fine", () => {
  test("merging keeps entropy, the probability of every sample, and the number of draws", () => {
    const choices = fbnetV2F(2);
    const stream = namedStream(3, "logits");
    const coarse = {
      slots: uniformDistribution(choices).slots.map((slot) => ({
        ...slot,
        logits: slot.logits.map(() => 6 * stream.uniform() - 3),
      })),
    };
    const fine = mergeSlots(coarse, choices);
    expect(fine.slots).toHaveLength(10);
    expect(Math.abs(entropy(fine) - entropy(coarse))).toBeLessThan(1e-12);
    expect(sampleCount(published, 0.25, entropy(fine))).toBe(sampleCount(published, 0.25, entropy(coarse)));
    const sample = sampler(coarse);
    for (let index = 0; index < 200; index++) {
      const arms = sample(stream);
      const [before, after] = [Math.exp(logProbability(coarse, arms)), Math.exp(logProbability(fine, arms))];
      expect(Math.abs(after / before - 1)).toBeLessThan(1e-12);
    }
  });
});
