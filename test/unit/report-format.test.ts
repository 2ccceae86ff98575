import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  formatCombinations,
  formatCount,
  formatPercent,
  formatProbability,
  formatRoundCount,
  joinWords,
  shorten,
} from "../../coordinator/export/report/format.ts";
import { binLabel, roundBins } from "../../coordinator/export/report/round-colors.ts";
import { fittedFraction, percentTicks } from "../../coordinator/export/report/scales.ts";

describe("figures of the report", () => {
  test.each([
    [0, "0"],
    [7, "7"],
    [999, "999"],
    [999.6, "1.00\u202fk"],
    [45_210, "45.2\u202fk"],
    [1_320_000, "1.32\u202fM"],
    [999_999, "1.00\u202fM"],
    [2.4e12, "2.40\u202fT"],
    [0.25, "0.25"],
    [null, "–"],
    [NaN, "–"],
  ])("the count %p is written %p", (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  test.each([
    [1_500_000, "1.5\u202fM"],
    [3_000_000, "3\u202fM"],
    [100_000, "100\u202fk"],
    [1_250_000, "1.25\u202fM"],
    [200, "200"],
  ])("the round count %p is written %p", (value, text) => {
    expect(formatRoundCount(value)).toBe(text);
  });

  test("probabilities tell never from nearly never", () => {
    expect([0, 0.001, 0.5, 0.999, 1].map(formatProbability)).toEqual(["0%", "<1%", "50%", ">99%", "100%"]);
    expect(formatPercent(0.91234)).toBe("91.23%");
    expect(formatPercent(null)).toBe("–");
  });

  test("the size of a space is exact while it is small and never overflows", () => {
    expect(formatCombinations(Array.from({ length: 8 }, () => 3))).toBe("6,561");
    expect(formatCombinations(Array.from({ length: 60 }, () => 4))).toBe("1.3 × 10³⁶");
    expect(formatCombinations(Array.from({ length: 400 }, () => 20))).toBe("2.6 × 10⁵²⁰");
  });

  test("words are joined as in a sentence and cut to a length", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(joinWords)).toEqual(["", "a", "a and b", "a, b and c"]);
    expect(shorten("abcdef", 4)).toBe("abc…");
    expect(shorten("abcd", 4)).toBe("abcd");
  });
});

describe("scales of the report", () => {
  test("rounds fall into runs without gap or overlap, in colours of their own, the last the strongest", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 200 }), (drawnIn) => {
        const bins = roundBins(drawnIn);
        const covered = bins.flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        );
        const [low, high] = [Math.min(...drawnIn), Math.max(...drawnIn)];
        expect(covered).toEqual(Array.from({ length: high - low + 1 }, (_, i) => low + i));
        expect(bins.length).toBeLessThanOrEqual(5);
        expect(bins.at(-1)!.color).toBe("c4");
        expect(new Set(bins.map(({ color }) => color)).size).toBe(bins.length);
      }),
    );
  });

  test("each run holds about as many trials, and one of a single round is named so", () => {
    expect(roundBins([])).toEqual([]);
    expect(roundBins([1, 1, 1, 1, 2, 2, 3, 5, 8, 13]).map(binLabel)).toEqual([
      "round 1",
      "round 2",
      "rounds 3–5",
      "rounds 6–13",
    ]);
  });

  test("accuracies near 1 and a single one keep an axis within 0 to 1", () => {
    expect(fittedFraction([1], [100, 0]).domain()[1]).toBe(1);
    expect(fittedFraction([0.991, 0.999], [100, 0]).domain()[1]).toBeLessThanOrEqual(1);
    expect(percentTicks(fittedFraction([0.912, 0.918], [100, 0])).map(({ label }) => label)).toContain("91.5%");
  });
});
