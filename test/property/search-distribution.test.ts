import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  entropy,
  logProbability,
  marginals,
  mode,
  sampler,
  type Distribution,
} from "../../coordinator/search/distribution.ts";
import { logSoftmax, logSumExp, softmax } from "../../coordinator/search/log-sum-exp.ts";
import { mergeSlots } from "../../coordinator/search/merge-slots.ts";
import { namedStream } from "../../coordinator/search/rng.ts";
import { jointArm, splitArm } from "../../coordinator/search/slot.ts";
import type { Space } from "../../coordinator/search/space/space.ts";
import { allSamples, testSpace } from "../support/search-spaces.ts";

/** A small space, whose blocks may be scattered, with a factorized distribution over it. */
const problem: fc.Arbitrary<{ space: Space; distribution: Distribution }> = fc
  .array(
    fc.record({
      logits: fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 4 }),
      block: fc.constantFrom("a", "b", "c"),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((choices) => ({
    space: testSpace(choices.map(({ logits, block }) => ({ arms: logits.length, block }))),
    distribution: {
      slots: choices.map(({ logits }, choice) => ({ choices: [choice], sizes: [logits.length], logits })),
    },
  }));

describe("distributions", () => {
  test("merging keeps the entropy and the probability of every sample to 1e-12, and one slot a block", () => {
    fc.assert(
      fc.property(problem, ({ space, distribution }) => {
        const merged = mergeSlots(distribution, space.choices);
        expect(merged.slots).toHaveLength(new Set(space.choices.map(({ block }) => block)).size);
        expect(Math.abs(entropy(merged) - entropy(distribution))).toBeLessThan(1e-12);
        for (const arms of allSamples(space)) {
          const [before, after] = [distribution, merged].map((each) => Math.exp(logProbability(each, arms)));
          expect(Math.abs(after! - before!)).toBeLessThan(1e-12);
        }
        expect(mergeSlots(merged, space.choices)).toEqual(merged);
      }),
    );
  });

  test("marginals sum to 1, equal those by enumeration, and survive merging", () => {
    fc.assert(
      fc.property(problem, ({ space, distribution }) => {
        const merged = marginals(mergeSlots(distribution, space.choices));
        marginals(distribution).forEach((row, choice) => {
          expect(row.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
          row.forEach((probability, arm) => {
            expect(merged[choice]![arm]).toBeCloseTo(probability, 12);
            const enumerated = allSamples(space)
              .filter((arms) => arms[choice] === arm)
              .reduce((sum, arms) => sum + Math.exp(logProbability(distribution, arms)), 0);
            expect(probability).toBeCloseTo(enumerated, 12);
          });
        });
      }),
      { numRuns: 30 },
    );
  });

  test("the mode is a sample of the highest probability, and merging leaves it a mode", () => {
    fc.assert(
      fc.property(problem, ({ space, distribution }) => {
        const highest = Math.max(...allSamples(space).map((arms) => logProbability(distribution, arms)));
        expect(logProbability(distribution, mode(distribution))).toBe(highest);
        expect(logProbability(distribution, mode(mergeSlots(distribution, space.choices)))).toBeCloseTo(highest, 10);
      }),
    );
  });

  test("of equally probable arms the mode has the lowest", () => {
    const { choices } = testSpace([
      { arms: 3, block: "a" },
      { arms: 2, block: "a" },
    ]);
    const distribution = {
      slots: [
        { choices: [0], sizes: [3], logits: [0, 1, 1] },
        { choices: [1], sizes: [2], logits: [0, 0] },
      ],
    };
    expect(mode(distribution)).toEqual([1, 0]);
    expect(mode(mergeSlots(distribution, choices))).toEqual([1, 0]);
  });

  test("joint arms are numbered with the last choice fastest, and split back", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), (sizes) => {
        const slot = { choices: sizes.map((_, index) => index), sizes, logits: [] };
        const samples = allSamples(testSpace(sizes.map((arms) => ({ arms }))));
        samples.forEach((arms, joint) => {
          expect(jointArm(slot, arms)).toBe(joint);
          expect(splitArm(slot, joint)).toEqual(arms);
        });
      }),
    );
  });

  test("samples come as often as their probabilities say, merged or not", () => {
    const space = testSpace([
      { arms: 2, block: "a" },
      { arms: 3, block: "a" },
    ]);
    const coarse = {
      slots: [
        { choices: [0], sizes: [2], logits: [0, 1] },
        { choices: [1], sizes: [3], logits: [2, 0, -1] },
      ],
    };
    for (const distribution of [coarse, mergeSlots(coarse, space.choices)]) {
      const draws = 60_000;
      const counts = new Map<string, number>();
      const sample = sampler(distribution);
      const stream = namedStream(1, "frequencies");
      for (let draw = 0; draw < draws; draw++) {
        const key = sample(stream).join();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const chiSquare = allSamples(space).reduce((sum, arms) => {
        const expected = draws * Math.exp(logProbability(distribution, arms));
        return sum + ((counts.get(arms.join()) ?? 0) - expected) ** 2 / expected;
      }, 0);
      // 99.9% quantile at 5 degrees of freedom.
      expect(chiSquare).toBeLessThan(20.5);
    }
  });

  test("an arm of probability 0 is never drawn and adds nothing to the entropy", () => {
    const distribution = { slots: [{ choices: [0], sizes: [4], logits: [-Infinity, 0, -2000, 0] }] };
    const sample = sampler(distribution);
    const stream = namedStream(1, "zero");
    const drawn = new Set(Array.from({ length: 500 }, () => sample(stream)[0]));
    expect([...drawn].sort()).toEqual([1, 3]);
    expect(entropy(distribution)).toBeCloseTo(Math.LN2, 12);
  });
});

describe("log-sum-exp", () => {
  test("neither overflows nor loses what is small", () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp([-1000, -1000])).toBeCloseTo(-1000 + Math.LN2, 12);
  });

  test("takes -Infinity as probability 0, and nothing but -Infinity as uniform", () => {
    expect(logSumExp([])).toBe(-Infinity);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
    expect(softmax([-Infinity, 3])).toEqual([0, 1]);
    expect(softmax([-Infinity, -Infinity])).toEqual([0.5, 0.5]);
    expect(logSoftmax([-Infinity, 0])).toEqual([-Infinity, 0]);
  });
});
