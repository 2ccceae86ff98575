import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { additiveLandscape } from "../../cli/bench/landscape/additive.ts";
import { bestOfChain } from "../../cli/bench/landscape/chain.ts";
import type { Landscape, NormalTable } from "../../cli/bench/landscape/landscape.ts";
import { macsLandscape } from "../../cli/bench/landscape/macs.ts";
import { nkLandscape } from "../../cli/bench/landscape/nk.ts";
import { randomChoices } from "../../cli/bench/landscape/random-space.ts";
import { landscapeFor, landscapeNames, parseLandscape } from "../../cli/bench/landscape/registry.ts";
import { unitMacs } from "../../cli/bench/landscape/unit-macs.ts";
import { armOf, stateOf, unitsOf } from "../../cli/bench/landscape/units.ts";
import { normal } from "../../cli/bench/noise.ts";
import { worth } from "../../cli/bench/problem.ts";
import { namedStream, uniformIndex, type Rng } from "../../coordinator/search/rng.ts";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import { spaceLogSize } from "../../coordinator/search/space/size.ts";
import type { Space } from "../../coordinator/search/space/space.ts";
import { networkHash } from "../../network/canonical.ts";
import { allSamples, testSpace } from "../support/search-spaces.ts";

function normalsOf(seed: number): NormalTable {
  return (name, size) => {
    const rng = namedStream(seed, name);
    return Array.from({ length: size }, () => normal(rng));
  };
}

function randomSample({ choices }: Space, rng: Rng): number[] {
  return choices.map(({ arms }) => uniformIndex(rng, arms.length));
}

/** The highest score of all samples that meet the target. */
function bruteForce({ space, cost, score }: Landscape): number {
  const eligible = allSamples(space).filter(
    (arms) => cost === null || (space.cost(arms)?.macs ?? NaN) <= (cost.macs ?? NaN),
  );
  return Math.max(...eligible.map(score));
}

/** Three small groups, in which layers can be skipped and some samples mean the same network. */
const smallSpace = mbconvSpace(
  parseMbconvDefinition({
    name: "small",
    input: { height: 16, width: 16, channels: 3 },
    classes: 10,
    activation: "relu",
    stem: { channels: 8, stride: 1 },
    blocks: [
      { name: "a", expansion: [1, 2], channels: [8, 12], kernel: [0, 3], activation: ["relu", "swish"], stride: 2 },
      { name: "b", expansion: [1, 3], channels: [8, 16, 24], kernel: [0, 3, 5], se: [0, 1], repeat: 2 },
      { name: "c", expansion: [2, 4], channels: [16, 24], kernel: [3, 5], stride: 2 },
    ],
    head: { channels: 32 },
  }),
);

describe("the best of a landscape, found by dynamic programming, is that of all samples", () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 });

  test.each([
    ["additive", additiveLandscape],
    ["nk", nkLandscape],
  ])("%s", (name, make) => {
    fc.assert(
      fc.property(shapes, fc.nat(), (arms, seed) => {
        const { choices } = testSpace(arms.map((count) => ({ arms: count })));
        const landscape = make(name, choices, normalsOf(seed));
        expect(landscape.score(landscape.best)).toBeCloseTo(bruteForce(landscape), 10);
      }),
      { numRuns: 60 },
    );
  });

  test("shaped by MACs, under its target", () => {
    for (let seed = 0; seed < 5; seed++) {
      const landscape = macsLandscape(smallSpace, normalsOf(seed), namedStream(seed, "macs"));
      expect(landscape.score(landscape.best)).toBeCloseTo(bruteForce(landscape), 10);
      expect(landscape.cost?.macs).toBe(smallSpace.cost(landscape.best)?.macs);
    }
  });
});

test("the best way along a chain is found where many states show one view, and avoids what cannot be", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const rng = namedStream(seed, "chain");
      const sizes = [3, 4, 5, 2];
      const table = sizes.map(() =>
        Array.from({ length: 2 * 5 }, () => (rng.uniform() < 0.2 ? -Infinity : normal(rng))),
      );
      const chain = {
        sizes,
        views: () => 2,
        view: (_: number, state: number) => state % 2,
        gain: (node: number, seen: number, state: number) => table[node]![seen * 5 + state]!,
      };
      const scoreOf = (states: readonly number[]): number =>
        states.reduce((sum, state, node) => sum + chain.gain(node, node === 0 ? 0 : states[node - 1]! % 2, state), 0);
      const all = sizes.reduce<number[][]>(
        (ways, size) => ways.flatMap((way) => Array.from({ length: size }, (_, state) => [...way, state])),
        [[]],
      );
      const most = Math.max(...all.map(scoreOf));
      if (most > -Infinity) expect(scoreOf(bestOfChain(chain))).toBeCloseTo(most, 10);
    }),
    { numRuns: 100 },
  );
});

describe.each(["small", "fbnetv2-f", "fbnetv2-f-fine"])("the space %s", (name) => {
  const space = shippedSpaces.get(name)?.make() ?? smallSpace;
  const units = unitsOf(space);
  const rng = namedStream(0, "samples");

  test("has MACs that are the sum of what its blocks add, each given the channels before it", () => {
    const { base, added } = unitMacs(space, units);
    for (let sample = 0; sample < 300; sample++) {
      const arms = randomSample(space, rng);
      const total = units.reduce((sum, unit, node) => {
        const before = units[node - 1];
        const seen = before === undefined ? 0 : armOf(before, stateOf(before, arms), "channels");
        return sum + added(node, seen, stateOf(unit, arms));
      }, base);
      expect(total).toBe(space.cost(arms)?.macs);
    }
  });

  test("gives samples that differ in nothing but what a skipped layer lacks one score, and a network each", () => {
    const landscape = macsLandscape(space, normalsOf(1), namedStream(1, "macs"));
    const { choices } = landscape.space;
    for (let sample = 0; sample < 200; sample++) {
      const arms = randomSample(space, rng);
      const kernel = choices.findIndex(
        ({ name: choice, arms: labels }) => choice.endsWith(".kernel") && labels[0] === "0",
      );
      arms[kernel] = 0;
      const other = choices.map(({ name: choice, block }, place) => {
        const isLacking = block === choices[kernel]!.block && !/\.(kernel|channels)$/.test(choice);
        return isLacking ? uniformIndex(rng, choices[place]!.arms.length) : arms[place]!;
      });
      expect(landscape.score(other)).toBeCloseTo(landscape.score(arms), 10);
      const hashes = [arms, other].map((one) => networkHash(landscape.space.decode(one)));
      expect(hashes[0] === hashes[1]).toBe(arms.join() === other.join());
    }
  });
});

test("random choices have so many nats, arms within their bounds, and blocks of 2 or 3", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 5, max: 60 }), (seed, nats) => {
      const choices = randomChoices(nats, { least: 2, most: 9 }, namedStream(seed, "choices"));
      const sum = choices.reduce((total, { arms }) => total + Math.log(arms.length), 0);
      expect(sum).toBeGreaterThanOrEqual(nats);
      expect(sum).toBeLessThan(nats + Math.log(9) + 1e-9);
      const blocks = [...new Set(choices.map(({ block }) => block))];
      const sizes = blocks.map((name) => choices.filter(({ block }) => block === name).length);
      for (const size of sizes.slice(0, -1)) expect([2, 3]).toContain(size);
      for (const { arms } of choices) expect(arms.length).toBeGreaterThanOrEqual(2);
    }),
    { numRuns: 50 },
  );
});

describe.each(landscapeNames)("the landscape %s", (name) => {
  const problem = landscapeFor({ name, seed: 0 });
  const rng = namedStream(0, "random search");

  test("is the same whenever it is made, and another with another seed", () => {
    const arms = randomSample(problem.space, rng);
    expect(landscapeFor({ name, seed: 0 }).trueAccuracy(arms)).toBe(problem.trueAccuracy(arms));
    const other = landscapeFor({ name, seed: 1 });
    expect(other.name).toBe(`${name}:1`);
    expect(other.optimum).not.toBe(problem.optimum);
  });

  test("has the accuracies of a table: about 0.9 with a deviation of about 0.02, bad ones farther off", () => {
    const values = Array.from({ length: 4000 }, () => problem.trueAccuracy(randomSample(problem.space, rng)) ?? NaN);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean - 0.9)).toBeLessThan(0.004);
    expect(Math.abs(deviation - 0.02)).toBeLessThan(0.004);
    expect(mean - Math.min(...values)).toBeGreaterThan(Math.max(...values) - mean);
  });

  test("has levels that 10,000 random networks do not reach, and an optimum that none passes", () => {
    const values = Array.from({ length: 10_000 }, () => worth(problem, randomSample(problem.space, rng)));
    expect(Math.max(...values)).toBeLessThan(problem.levels.top1);
    expect(problem.levels.top1).toBeLessThan(problem.levels.top01);
    expect(problem.levels.top01).toBeLessThan(problem.optimum);
  });
});

test.each([
  ["additive-40", 41],
  ["nk-40", 41],
  ["fbnetv2-f", 57],
])("%s has nearly the nats of its name", (name, most) => {
  const nats = spaceLogSize(landscapeFor({ name, seed: 3 }).space);
  expect(nats).toBeGreaterThan(most - 2);
  expect(nats).toBeLessThan(most + 1.3);
});

test("landscapes are named with a seed or without", () => {
  expect(parseLandscape("nk-40")).toEqual({ name: "nk-40", seed: 0 });
  expect(parseLandscape("nk-40:7")).toEqual({ name: "nk-40", seed: 7 });
  for (const text of ["", "nk", "nk-40:", "nk-40:x", "nk-40:1:2", "toString"])
    expect(() => parseLandscape(text)).toThrow(/It must be one of additive-20, /);
});
