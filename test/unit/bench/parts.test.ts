import { describe, expect, test } from "@jest/globals";
import { allAlgorithms, parseAlgorithms } from "../../../cli/bench/algorithm-choice.ts";
import { benchSpec } from "../../../cli/bench/bench-spec.ts";
import { kendall, noisyAccuracy, noiseDeviation, normal } from "../../../cli/bench/noise.ts";
import { progressText } from "../../../cli/bench/progress.ts";
import { median, quantile } from "../../../coordinator/search/quantile.ts";
import { splitSeeds } from "../../../cli/bench/seed-tasks.ts";
import { tableProblem, topLevel } from "../../../cli/bench/table-problem.ts";
import { algorithms } from "../../../coordinator/search/algorithm/registry.ts";
import { namedStream } from "../../../coordinator/search/rng.ts";
import { ladderProblem, ladderTable } from "../../support/bench-problems.ts";

describe("a quantile", () => {
  test("lies between the two nearest values, in any order", () => {
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([10, 0, 20], 0.25)).toBe(5);
    expect(quantile([7], 0.75)).toBe(7);
  });

  test("is Infinity as soon as it leans on a value that was not reached", () => {
    expect(median([1, 2, Infinity])).toBe(2);
    expect(median([1, 2, Infinity, Infinity])).toBe(Infinity);
    expect(quantile([1, Infinity, Infinity], 0.75)).toBe(Infinity);
  });

  test("of nothing is NaN", () => expect(median([])).toBeNaN());
});

describe("the top of a ranking", () => {
  test("is what fewer than the share beat strictly", () => {
    const ranked = Array.from({ length: 1000 }, (_, place) => 1000 - place);
    expect(topLevel(ranked, 0.01)).toBe(991);
    expect(topLevel(ranked, 0.001)).toBe(1000);
  });

  test("holds equals together, however many they are", () => {
    expect(topLevel([5, 4, 4, 4, 4, 4, 4, 3, 2, 1], 0.2)).toBe(4);
    expect(topLevel([5, 4, 4, 4, 4, 4, 4, 3, 2, 1], 0.1)).toBe(5);
    expect(topLevel([1, 1, 1], 0.001)).toBe(1);
  });
});

describe("algorithms on the command line", () => {
  test("have settings after colons; what looks like a number is one", () => {
    expect(parseAlgorithms("fp-nas,parsec:k=8,fp-nas:weights=published:k0=16")).toEqual([
      { label: "fp-nas", spec: { name: "fp-nas", settings: {} } },
      { label: "parsec:k=8", spec: { name: "parsec", settings: { k: 8 } } },
      { label: "fp-nas:weights=published:k0=16", spec: { name: "fp-nas", settings: { weights: "published", k0: 16 } } },
    ]);
  });

  test.each(["", "fp-nas,,parsec", "fp-nas:k0", "fp-nas:=3", ":k=1", "fp-nas:"])("%p is refused", (text) => {
    expect(() => parseAlgorithms(text)).toThrow(/It must/);
  });

  test("are refused where one is named twice", () => {
    expect(() => parseAlgorithms("random,parsec,random")).toThrow("It names random twice.");
  });

  test("are all of the registry where none is named", () => {
    expect(allAlgorithms.map(({ label }) => label)).toEqual(algorithms.map(({ name }) => name));
  });
});

describe("noise", () => {
  const problem = ladderProblem();

  test("of a network is the same whenever it is asked for, and another for another seed or network", () => {
    const noisy = (seed: number, ...arms: number[]) => noisyAccuracy(0.5, seed, arms, 0.01);
    expect(noisy(1, 0, 1)).toBe(noisy(1, 0, 1));
    expect(new Set([noisy(1, 0, 1), noisy(2, 0, 1), noisy(1, 1, 1)]).size).toBe(3);
    expect(noisyAccuracy(0.5, 1, [0, 1], 0)).toBe(0.5);
  });

  test("leaves an accuracy a fraction", () => {
    const measured = Array.from({ length: 100 }, (_, seed) => noisyAccuracy(0.5, seed, [0], 1));
    expect([Math.min(...measured), Math.max(...measured)]).toEqual([0, 1]);
    expect(measured.some((accuracy) => accuracy > 0 && accuracy < 1)).toBe(true);
  });

  test("is standard normal before it is scaled", () => {
    const rng = namedStream(1, "normal");
    const values = Array.from({ length: 20_000 }, () => normal(rng));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  });

  test.each([0.6, 0.8])("is so large that noisy and true values of other networks agree to a tau of %d", (tau) => {
    const deviation = noiseDeviation(problem, tau);
    const rng = namedStream(7, "networks");
    const truths = Array.from({ length: 1000 }, () =>
      problem.trueAccuracy(problem.space.choices.map(({ arms }) => Math.floor(rng.uniform() * arms.length))),
    ).map(Number);
    const noisy = truths.map((truth) => truth + deviation * normal(rng));
    expect(Math.abs(kendall(truths, noisy) - tau)).toBeLessThan(0.04);
  });

  test("leaves pairs out of tau that the truth does not tell apart", () => {
    expect(kendall([1, 2, 3], [10, 20, 30])).toBe(1);
    expect(kendall([1, 2, 3], [30, 20, 10])).toBe(-1);
    expect(kendall([1, 1, 2], [5, 1, 9])).toBe(1);
    expect(kendall([1, 2, 3], [1, 3, 2])).toBeCloseTo(1 / 3);
  });
});

test("progress tells the time left at the pace so far", () => {
  expect(progressText(0, 40, 1000)).toBe(`${"░".repeat(30)} 0%  0 of 40 searches`);
  expect(progressText(10, 40, 20_000)).toMatch(/ 25% {2}10 of 40 searches {2}about 1m left$/);
});

test("random networks of a table with holes are listed ones", () => {
  const holes = tableProblem(
    ladderTable("holes", (arms) => arms[0] === 1),
    null,
  );
  const rng = namedStream(0, "networks");
  for (let index = 0; index < 50; index++) expect(holes.trueAccuracy(holes.randomNetwork(rng))).toBeDefined();
});

test("seeds are split into tasks that hold each of them once", () => {
  const whole = { problem: 0, algorithm: allAlgorithms[0]!, noise: 0 };
  for (const [seeds, threads] of [
    [1, 8],
    [100, 2],
    [37, 3],
  ] as const) {
    const tasks = splitSeeds(whole, seeds, threads);
    const all = tasks.flatMap(({ firstSeed, seeds: count }) => Array.from({ length: count }, (_, i) => firstSeed + i));
    expect(all).toEqual(Array.from({ length: seeds }, (_, seed) => seed));
  }
});

test("the stages of a benchmark are one factorized, or coarse to fine", () => {
  const settings = { seeds: 1, workers: 1, maxDraws: 50 };
  const slots = (stages: "factorized" | "coarse-fine") =>
    benchSpec({ name: "random", settings: {} }, null, { ...settings, stages }).stages.map((stage) => stage.slots);
  expect(slots("factorized")).toEqual(["factorized"]);
  expect(slots("coarse-fine")).toEqual(["factorized", "block"]);
});
